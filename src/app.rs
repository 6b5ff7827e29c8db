//! The one component.

use crate::browser::clock::{elapsed, ring_at};
use crate::browser::intl::Intl;
use crate::browser::{Headers, Started, clicks, clipboard, poller};
use crate::model::schedule::Millis;
use crate::model::text::Text;
use crate::model::wording::{Scene, Wording};
use crate::model::{Config, Feed, Level, Messages, State, Voice};
use crate::use_balance::{Seat, use_balance};
use crate::view::{ACTION, COPY, Look, REFRESH, TOP_UP, card};
use std::rc::Rc;
use web_sys::{Element, Event};
use yew::prelude::*;

/// The properties of a [`BalanceCard`]. Only `config` is required.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct Props {
    /// The settings of the card.
    pub config: Rc<Config>,
    /// The page's own sentences.
    #[prop_or_default]
    pub messages: Rc<Messages>,
    /// The language of `messages`, where it is not English.
    #[prop_or_default]
    pub language: Option<AttrValue>,
    /// The page's own headers, asked for before every request.
    #[prop_or_default]
    pub headers: Option<Headers>,
    /// The language of the place where the card stands, where `config` names none.
    #[prop_or_default]
    pub lang: Option<AttrValue>,
    /// The element that holds the card: with `loading="lazy"`, its place on the page counts.
    #[prop_or_default]
    pub host: Option<Element>,
    /// A request for the balance that is already under way; only the first render looks at it.
    #[prop_or_default]
    pub started: Option<Started>,
    /// Another number asks for a fresh balance.
    #[prop_or_default]
    pub nudge: u32,
    /// Hears of everything that changes.
    #[prop_or_default]
    pub on_feed: Callback<(Feed, Level)>,
    /// Hears of a click on the top-up link with the URL of it, and may prevent what it would do.
    #[prop_or_default]
    pub on_top_up: Callback<(Event, Option<String>)>,
    /// Hears what has to be said aloud, for a status region that outlives the card. Without it the
    /// card brings along one of its own.
    #[prop_or_default]
    pub on_speech: Option<Callback<String>>,
}

/// How long the copy button says that it has copied.
const COPIED_FOR: Millis = 3_000;

/// A card that shows how much credit is left.
#[component]
pub fn BalanceCard(props: &Props) -> Html {
    let config = &props.config;
    let seat = Seat {
        started: props.started.clone(),
        headers: props.headers.clone(),
        host: props.host.clone(),
        nudge: props.nudge,
    };
    let balance = use_balance(config, seat);
    let (feed, level) = (balance.feed, balance.level);
    let tag = config.locale.clone().or_else(|| props.lang.as_deref().map(str::to_owned));
    let intl = use_memo(tag, |tag| Intl::new(tag.as_deref()));
    use_effect_with((feed.clone(), level, props.on_feed.clone()), |(feed, level, on_feed)| {
        on_feed.emit((feed.clone(), *level));
    });

    let scene = Scene { feed: &feed, level, config, messages: &props.messages, now: balance.now };
    let mut words = Wording::of(scene, &*intl);
    let copied = use_state_eq(|| false);
    if *copied {
        words.copy = props.messages.say(Text::Copied);
    }
    let voice = use_mut_ref(Voice::default);
    let said = voice.borrow_mut().say(feed.state == State::Waiting, words.concern);
    let spoken = said.map(|text| props.messages.say(text)).unwrap_or_default();
    use_effect_with((spoken.clone(), props.on_speech.clone()), |(spoken, on_speech)| {
        if let Some(on_speech) = on_speech {
            on_speech.emit(spoken.to_string());
        }
    });
    let id =
        use_memo((), |()| AttrValue::from(["airalo-balance-", &poller::next_number().to_string()].concat()));
    let look = Look {
        state: feed.state.name(),
        language: props.language.clone().unwrap_or(AttrValue::Static("en")),
        level: level.as_str(),
        can_ask: config.proxy_url.is_ok(),
        refresh_button: config.refresh_button,
        top_up_url: config.top_up_url.clone().map(AttrValue::from),
        id: (*id).clone(),
        region: props.on_speech.is_none(),
        spoken,
    };
    let base = use_node_ref();
    let actions = (balance.refresh, props.on_top_up.clone());
    let copied = copied.setter();
    let bell = use_mut_ref(|| None);
    use_effect_with((base.clone(), actions), move |(base, (refresh, on_top_up))| {
        let (refresh, on_top_up) = (refresh.clone(), on_top_up.clone());
        let clicks = base.cast::<Element>().map(|base| {
            clicks::listen(&base, ACTION, move |action, pressed, click| match action {
                REFRESH => refresh.emit(()),
                TOP_UP => on_top_up.emit((click.clone(), pressed.get_attribute("href"))),
                COPY => {
                    let (copied, voice, bell) = (copied.clone(), voice.clone(), bell.clone());
                    if let Some(text) = pressed.previous_element_sibling() {
                        clipboard::copy(text, move || {
                            voice.borrow_mut().tell(Text::Copied);
                            copied.set(true);
                            let back = move || copied.set(false);
                            *bell.borrow_mut() = Some(ring_at(elapsed() + COPIED_FOR, back));
                        });
                    }
                }
                _ => {}
            })
        });
        move || drop(clicks)
    });
    card(&words, &look, base)
}

impl PartialEq for Started {
    /// A started request is taken over once, at the first render, and never compared.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
