//! What a card knows about its balance, kept up to date as long as the card is there.

use crate::app::Props;
use crate::browser::attention::Sight;
use crate::browser::clock::{Alarm, elapsed, ring_at, time_of_day};
use crate::browser::fetch::{Headers, Target};
use crate::browser::poller::{First, Subscription, Wish, next_number};
use crate::model::schedule::Millis;
use crate::model::{Config, ErrorCode, Level, PollState, State, age};
use std::rc::Rc;
use web_sys::Element;

/// What a card hears of.
#[derive(Debug)]
pub enum News {
    /// This is known by now.
    PollState(Rc<PollState>),
    /// The card has come near the visible part of the page, or left it.
    InSight(bool),
    /// The age of the balance is called something else.
    Older,
    /// Somebody wants a fresh balance.
    Wanted,
    /// The text for support has been copied.
    Copied,
    /// That was long enough ago.
    CopiedLongAgo,
}

/// Brings news to the card. One type for all of them, because every further one is paid for in
/// bytes.
pub(crate) type Tell = Rc<dyn Fn(News)>;

/// The balance of one card.
///
/// Another URL is another subscription and begins with nothing known; every other setting
/// reaches the one that is there.
pub(crate) struct Balance {
    /// The latest that is known.
    pub(crate) feed: Rc<PollState>,
    /// The time, on the clock that ages are counted on.
    pub(crate) now: Millis,
    /// The level, once there is a balance to take it from.
    believed: Option<Level>,
    tell: Tell,
    /// What there is of an answer already, for the settings that it came with and for no others.
    first: Option<(First, Rc<Config>, Option<Headers>)>,
    /// Nothing before the first look at the settings, which may well name no target.
    target: Option<Option<Target>>,
    /// What the target was made of.
    made_of: Option<(Rc<Config>, Option<Headers>)>,
    wish: Wish,
    nudge: u32,
    /// Whether somebody wanted a fresh balance before there was anybody to ask.
    wanted: bool,
    near: bool,
    watched: Option<Element>,
    sight: Option<Sight>,
    next: Option<Millis>,
    alarm: Option<Rc<Alarm>>,
    subscription: Option<Subscription>,
}

impl Balance {
    pub(crate) fn new(props: &Props, tell: Tell) -> Self {
        Self {
            feed: Rc::default(),
            now: elapsed(),
            believed: None,
            tell,
            first: Some((
                First { given: props.given.clone(), started: props.started.clone() },
                props.config.clone(),
                props.headers.clone(),
            )),
            target: None,
            made_of: None,
            wish: Wish::default(),
            nudge: 0,
            wanted: false,
            near: false,
            watched: None,
            sight: None,
            next: None,
            alarm: None,
            subscription: None,
        }
    }

    /// Takes note; whether the card looks different from now on.
    pub(crate) fn hear(&mut self, news: News) -> bool {
        match news {
            News::PollState(feed) => {
                // A request that begins, or brings nothing new, is no reason to draw.
                let drawn = |feed: &PollState| feed.next_try.filter(|_| feed.state.trouble().is_some());
                let changed = feed.state != self.feed.state || drawn(&feed) != drawn(&self.feed);
                self.feed = feed;
                return changed;
            }
            News::InSight(near) if near == self.near => return false,
            News::InSight(near) => self.near = near,
            News::Older => {}
            News::Wanted => {
                self.refresh();
                return false;
            }
            // That is the card's own affair.
            News::Copied | News::CopiedLongAgo => return false,
        }
        true
    }

    /// Asks for a fresh balance, of whoever can be asked.
    fn refresh(&mut self) {
        match &self.subscription {
            Some(open) => open.refresh(),
            None => self.wanted = true,
        }
    }

    /// Works out what is to be drawn.
    ///
    /// The level depends on the one before. Only a fresh balance changes it, but the first one is
    /// believed even if it is old: it is all that is known. Another URL begins anew.
    pub(crate) fn reckon(&mut self, config: &Config) {
        self.now = elapsed();
        let state = &self.feed.state;
        match state.reading() {
            Some(reading) if self.believed.is_none() || !state.is_stale() => {
                let before = self.believed.unwrap_or_default();
                self.believed = Some(before.after(&reading.balances, config));
            }
            Some(_) => {}
            None => self.believed = None,
        }
    }

    /// How much cause for concern it is.
    pub(crate) fn level(&self) -> Level {
        self.believed.unwrap_or_default()
    }

    /// Does what follows from the settings, once the card is drawn.
    pub(crate) fn follow(&mut self, props: &Props) {
        let config = &*props.config;
        self.watch(props.host.as_ref().filter(|_| config.lazy));
        let in_sight = !config.lazy || props.host.is_none() || self.near;
        let wish = Wish { interval: config.refresh_interval, timeout: config.request_timeout, in_sight };

        if !self.retarget(props, wish)
            && let Some(open) = self.subscription.as_ref().filter(|_| self.wish != wish)
        {
            open.set_wish(wish);
        }
        self.wish = wish;
        let wanted = std::mem::take(&mut self.wanted);
        if wanted || self.nudge != props.nudge {
            self.nudge = props.nudge;
            self.refresh();
        }
        self.wait();
    }

    /// Subscribes anew where the settings lead elsewhere; whether they do.
    fn retarget(&mut self, props: &Props, wish: Wish) -> bool {
        let known = self
            .made_of
            .as_ref()
            .is_some_and(|(config, headers)| Rc::ptr_eq(config, &props.config) && *headers == props.headers);
        if known {
            return false;
        }
        self.made_of = Some((props.config.clone(), props.headers.clone()));
        let url = props.config.proxy_url.as_ref().ok();
        let target = Some(url.map(|url| Target::new(url, props.config.credentials, props.headers.clone())));
        if self.target == target {
            return false;
        }
        // The old one goes first, and with it its request.
        self.subscription = None;
        self.subscription = target.as_ref().and_then(Option::as_ref).map(|target| {
            (self.tell)(News::PollState(Rc::default()));
            let tell = self.tell.clone();
            // Taken, and so never mistaken for an answer of the next URL; nor is it one where the
            // next URL came before anybody looked.
            let first = self.first.take().filter(|(_, config, headers)| {
                let (now, before) = (&props.config, config);
                (&now.proxy_url, now.credentials, &props.headers)
                    == (&before.proxy_url, before.credentials, headers)
            });
            let first = first.map(|(first, ..)| first).unwrap_or_default();
            Subscription::open(target, wish, first, move |feed| tell(News::PollState(feed)))
        });
        if self.subscription.is_none() {
            (self.tell)(News::PollState(not_set_up()));
        }
        self.target = target;
        true
    }

    /// Has the card drawn again whenever the age of its balance is called something else.
    fn wait(&mut self) {
        let (feed, now) = (&self.feed, self.now);
        let older = feed.state.reading().map(|reading| now + age::until_next(now - reading.taken_at));
        let nearer = feed
            .next_try
            .filter(|_| feed.state.trouble().is_some())
            .and_then(|at| age::next_countdown(at, now));
        let next = match (older, nearer) {
            (Some(older), Some(nearer)) => Some(older.min(nearer)),
            (one, other) => one.or(other),
        };
        if self.next != next {
            self.next = next;
            let tell = &self.tell;
            self.alarm = next.map(|at| {
                let tell = tell.clone();
                ring_at(at, move || tell(News::Older))
            });
        }
    }

    /// Whether the card is near the visible part of the page is asked only where it counts.
    fn watch(&mut self, element: Option<&Element>) {
        if self.watched.as_ref() != element {
            self.watched = element.cloned();
            let tell = &self.tell;
            self.sight = element.map(|element| {
                let tell = tell.clone();
                Sight::watch(element, move |near| tell(News::InSight(near)))
            });
        }
    }
}

/// A card without a URL has failed before it could ask.
fn not_set_up() -> Rc<PollState> {
    let state = State::Failed(ErrorCode::Config.into());
    Rc::new(PollState { state, failure: next_number(), failed_at: time_of_day(), ..PollState::default() })
}
