//! The one hook: what a card knows, kept up to date as long as the card is there.

use crate::browser::Started;
use crate::browser::fetch::Target;
use crate::browser::poller::{Subscription, Wish, next_failure};
use crate::model::{Code, Config, Feed, State};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// What is known about the balance, and a way to ask anew.
pub(crate) struct UseBalance {
    /// The latest that is known.
    pub(crate) feed: Feed,
    /// Asks for a fresh balance.
    pub(crate) refresh: Callback<()>,
}

/// Subscribes to the balance at the configured URL.
///
/// Another URL is another subscription and begins with nothing known; every other setting
/// reaches the one that is there. `nudge` asks for a fresh balance whenever it changes.
#[hook]
pub(crate) fn use_balance(config: &Rc<Config>, started: Option<Started>, nudge: u32) -> UseBalance {
    let feed = use_state_eq(Feed::default);
    let subscription = use_mut_ref(|| None::<Subscription>);
    let started = use_mut_ref(|| started);
    let wish = Wish { interval: config.refresh_interval, timeout: config.request_timeout };

    let target = config.proxy_url.clone().ok().map(|url| Target { url, credentials: config.credentials });
    {
        let (set_feed, subscription) = (feed.setter(), subscription.clone());
        use_effect_with(target, move |target| {
            match target {
                Some(target) => {
                    set_feed.set(Feed::default());
                    // Taken, and so never mistaken for an answer of the next URL.
                    let started = started.take();
                    let open = Subscription::open(target, wish, started, move |feed| set_feed.set(feed));
                    *subscription.borrow_mut() = Some(open);
                }
                None => set_feed.set(not_set_up()),
            }
            move || drop(subscription.borrow_mut().take())
        });
    }
    {
        let subscription = subscription.clone();
        use_effect_with(wish, move |wish| with(&subscription, |open| open.set_wish(*wish)));
    }
    {
        let subscription = subscription.clone();
        use_effect_with(nudge, move |nudge| {
            if *nudge > 0 {
                with(&subscription, Subscription::refresh);
            }
        });
    }

    let refresh = use_callback((), move |(), ()| with(&subscription, Subscription::refresh));
    UseBalance { feed: (*feed).clone(), refresh }
}

/// A card without a URL has failed before it could ask.
fn not_set_up() -> Feed {
    Feed { state: State::Failed(Code::Config.into()), busy: false, failure: next_failure() }
}

fn with(subscription: &Rc<RefCell<Option<Subscription>>>, act: impl Fn(&Subscription)) {
    if let Some(open) = subscription.borrow().as_ref() {
        act(open);
    }
}
