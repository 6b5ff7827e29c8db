//! The one hook: what a card knows, kept up to date as long as the card is there.

use crate::browser::Started;
use crate::browser::attention::Sight;
use crate::browser::clock::{Alarm, elapsed, ring_at, time_of_day};
use crate::browser::fetch::{Headers, Target};
use crate::browser::poller::{Subscription, Wish, next_number};
use crate::model::schedule::Millis;
use crate::model::{Code, Config, Feed, Level, State, age};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// What a card brings along besides its settings.
pub(crate) struct Seat {
    /// A request for the balance that is already under way.
    pub(crate) started: Option<Started>,
    /// The page's own headers.
    pub(crate) headers: Option<Headers>,
    /// The element whose place on the page counts for `loading="lazy"`.
    pub(crate) host: Option<Element>,
    /// Asks for a fresh balance whenever it changes.
    pub(crate) nudge: u32,
}

/// What is known about the balance, and a way to ask anew.
pub(crate) struct UseBalance {
    /// The latest that is known.
    pub(crate) feed: Feed,
    /// How much cause for concern it is.
    pub(crate) level: Level,
    /// The time, on the clock that ages are counted on. The card is drawn again when its age
    /// is called something else.
    pub(crate) now: Millis,
    /// Asks for a fresh balance.
    pub(crate) refresh: Callback<()>,
}

/// Subscribes to the balance at the configured URL.
///
/// Another URL is another subscription and begins with nothing known; every other setting
/// reaches the one that is there.
#[hook]
pub(crate) fn use_balance(config: &Rc<Config>, seat: Seat) -> UseBalance {
    let Seat { started, headers, host, nudge } = seat;
    let feed = use_state_eq(Feed::default);
    let subscription = use_mut_ref(|| None::<Subscription>);
    let started = use_mut_ref(|| started);
    let in_sight = use_in_sight(host.filter(|_| config.lazy));
    let wish = Wish { interval: config.refresh_interval, timeout: config.request_timeout, in_sight };

    let url = config.proxy_url.as_ref().ok();
    let target = url.map(|url| Target::new(url, config.credentials, headers));
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
    let level = use_level(&feed, config);
    let now = use_now(&feed);
    UseBalance { feed: (*feed).clone(), level, now, refresh }
}

/// A card without a URL has failed before it could ask.
fn not_set_up() -> Feed {
    let state = State::Failed(Code::Config.into());
    Feed { state, failure: next_number(), failed_at: time_of_day(), ..Feed::default() }
}

fn with(subscription: &Rc<RefCell<Option<Subscription>>>, act: impl Fn(&Subscription)) {
    if let Some(open) = subscription.borrow().as_ref() {
        act(open);
    }
}

/// The level depends on the one before. Only a fresh balance changes it, but the first one is
/// believed even if it is old: it is all that is known. Another URL begins anew.
#[hook]
fn use_level(feed: &Feed, config: &Config) -> Level {
    let last = use_mut_ref(|| None::<Level>);
    let mut last = last.borrow_mut();
    match feed.state.reading() {
        Some(reading) if last.is_none() || !feed.state.is_stale() => {
            *last = Some(last.unwrap_or_default().after(&reading.balances, config));
        }
        Some(_) => {}
        None => *last = None,
    }
    last.unwrap_or_default()
}

/// Draws the card again whenever the age of its balance is called something else.
#[hook]
fn use_now(feed: &Feed) -> Millis {
    let draw = use_force_update();
    let now = elapsed();
    let older = feed.state.reading().map(|reading| now + age::until_next(now - reading.taken_at));
    let nearer =
        feed.next_try.filter(|_| feed.state.trouble().is_some()).and_then(|at| age::next_countdown(at, now));
    let next = older.into_iter().chain(nearer).min();
    let alarm = use_mut_ref(|| None::<Rc<Alarm>>);
    use_effect_with(next, move |next| {
        *alarm.borrow_mut() = next.map(|at| ring_at(at, move || draw.force_update()));
        move || drop(alarm.borrow_mut().take())
    });
    now
}

/// Whether an element is near the visible part of the page; no element is always in sight.
#[hook]
fn use_in_sight(element: Option<Element>) -> bool {
    let seen = use_state_eq(|| false);
    let lazy = element.is_some();
    {
        let seen = seen.setter();
        use_effect_with(element, move |element| {
            let sight = element.as_ref().map(|element| Sight::watch(element, move |near| seen.set(near)));
            move || drop(sight)
        });
    }
    !lazy || *seen
}
