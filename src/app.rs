//! The one component.

use crate::browser::Started;
use crate::browser::intl::Intl;
use crate::model::{Config, Feed, Wording};
use crate::use_balance::use_balance;
use crate::view::{Look, card};
use std::rc::Rc;
use yew::prelude::*;

/// The properties of a [`BalanceCard`]. Only `config` is required.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct Props {
    /// The settings of the card.
    pub config: Rc<Config>,
    /// The language of the place where the card stands, where `config` names none.
    #[prop_or_default]
    pub lang: Option<AttrValue>,
    /// A request for the balance that is already under way; only the first render looks at it.
    #[prop_or_default]
    pub started: Option<Started>,
    /// Another number asks for a fresh balance.
    #[prop_or_default]
    pub nudge: u32,
    /// Hears of everything that changes.
    #[prop_or_default]
    pub on_feed: Callback<Feed>,
    /// Hears of a click on the top-up link, and may prevent what it would do.
    #[prop_or_default]
    pub on_top_up: Callback<MouseEvent>,
}

/// A card that shows how much credit is left.
#[component]
pub fn BalanceCard(props: &Props) -> Html {
    let config = &props.config;
    let balance = use_balance(config, props.started.clone(), props.nudge);
    let intl = use_memo(config.locale.clone().or_else(|| props.lang.as_deref().map(str::to_owned)), |tag| {
        Intl::new(tag.as_deref())
    });
    use_effect_with((balance.feed.clone(), props.on_feed.clone()), |(feed, on_feed)| {
        on_feed.emit(feed.clone());
    });

    let words = Wording::of(&balance.feed.state, config, &*intl);
    let look = Look {
        state: balance.feed.state.name(),
        busy: balance.feed.busy,
        can_ask: config.proxy_url.is_ok(),
        refresh_button: config.refresh_button,
        top_up_url: config.top_up_url.clone().map(AttrValue::from),
        on_refresh: balance.refresh.reform(|_| ()),
        on_top_up: props.on_top_up.clone(),
    };
    card(&words, &look)
}

impl PartialEq for Started {
    /// A started request is taken over once, at the first render, and never compared.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
