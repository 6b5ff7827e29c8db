//! One poller for all cards that ask the same thing: one schedule, one request, one answer.

use super::attention::{Attention, is_hidden, is_offline};
use super::clock::{Alarm, elapsed, ring_at, roll, time_of_day};
use super::fetch::{Inflight, Letter, Started, Target, ask};
use super::tabs::Tabs;
use super::warn;
use crate::model::schedule::{Event, Millis, PauseReason, RequestId, Schedule};
use crate::model::{Amount, ErrorCode, FetchError, PollState, Reading};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

thread_local! {
    /// Weak, so that a poller ends with the last card that listens to it.
    static POLLERS: RefCell<Vec<Weak<Poller>>> = const { RefCell::new(Vec::new()) };
    static NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// Failures and answers are numbered over the whole page, so that a card that is pointed at
/// another URL cannot take the first one there for the last one here.
pub(crate) fn next_number() -> u32 {
    NUMBER.set(NUMBER.get().wrapping_add(1));
    NUMBER.get()
}

/// How one card wants to be served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) interval: Option<Millis>,
    pub(crate) timeout: Millis,
    /// Whether the card is near the visible part of the page, or does not care.
    pub(crate) in_sight: bool,
}

/// What a card has of its first answer before anybody has asked for it.
#[derive(Default)]
pub(crate) struct First {
    /// The answer itself, as the page brought it along.
    pub(crate) given: Option<Rc<str>>,
    /// A request for it that is under way.
    pub(crate) started: Option<Started>,
}

type Listener = Rc<dyn Fn(Rc<PollState>)>;

struct Seat {
    number: u32,
    wish: Wish,
    listener: Listener,
}

struct Poller {
    target: Target,
    schedule: RefCell<Schedule>,
    feed: RefCell<PollState>,
    seats: RefCell<Vec<Seat>>,
    next_seat: Cell<u32>,
    request: RefCell<Option<Inflight>>,
    bell: RefCell<Option<Rc<Alarm>>>,
    tabs: RefCell<Option<Tabs>>,
    attention: RefCell<Option<Attention>>,
}

/// A card's seat at its poller. Dropping it gives the seat up; the last one out stops
/// the poller, its timer and its request.
pub(crate) struct Subscription {
    poller: Rc<Poller>,
    number: u32,
}

impl Subscription {
    /// Joins the poller of that target, or opens one, and calls `listener` at once if something
    /// is known already, and on every change from then on.
    pub(crate) fn open(
        target: &Target,
        wish: Wish,
        first: First,
        listener: impl Fn(Rc<PollState>) + 'static,
    ) -> Self {
        let poller = POLLERS.with_borrow_mut(|pollers| {
            pollers.retain(|poller| poller.strong_count() > 0);
            let known = pollers.iter().filter_map(Weak::upgrade).find(|poller| poller.target == *target);
            known.unwrap_or_else(|| {
                let poller = Poller::open(target.clone(), wish);
                pollers.push(Rc::downgrade(&poller));
                poller
            })
        });
        let number = poller.next_seat.replace(poller.next_seat.get() + 1);
        let listener: Listener = Rc::new(listener);
        poller.seats.borrow_mut().push(Seat { number, wish, listener: listener.clone() });
        let feed = poller.feed.borrow().clone();
        if feed != PollState::default() {
            listener(Rc::new(feed));
        }
        if let Some(given) = first.given {
            poller.given(&given);
        }
        poller.wishes_changed();
        poller.step(Event::Due, first.started);
        Self { poller, number }
    }

    /// Asks for a fresh balance; what comes of it reaches every listener.
    pub(crate) fn refresh(&self) {
        self.poller.step(Event::Refresh, None);
    }

    /// Changes how this card wants to be served.
    pub(crate) fn set_wish(&self, wish: Wish) {
        if let Some(seat) = self.poller.seats.borrow_mut().iter_mut().find(|seat| seat.number == self.number)
        {
            seat.wish = wish;
        }
        self.poller.wishes_changed();
        self.poller.step(Event::Due, None);
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.poller.seats.borrow_mut().retain(|seat| seat.number != self.number);
        self.poller.wishes_changed();
    }
}

/// Stops every poller of the page. After a panic anything may be borrowed for ever, so what
/// cannot be stopped is left alone.
pub(crate) fn abandon() {
    let pollers = POLLERS.with(|pollers| pollers.try_borrow_mut().map(|mut all| std::mem::take(&mut *all)));
    for poller in pollers.unwrap_or_default().iter().filter_map(Weak::upgrade) {
        let _ = poller.seats.try_borrow_mut().map(|mut seats| seats.clear());
        let _ = poller.bell.try_borrow_mut().map(|mut bell| bell.take());
        let _ = poller.request.try_borrow_mut().map(|mut request| request.take());
        let _ = poller.tabs.try_borrow_mut().map(|mut tabs| tabs.take());
        let _ = poller.attention.try_borrow_mut().map(|mut attention| attention.take());
    }
}

impl Poller {
    fn open(target: Target, wish: Wish) -> Rc<Self> {
        let poller = Rc::new(Self {
            target,
            schedule: RefCell::new(Schedule::new(wish.interval, elapsed())),
            feed: RefCell::default(),
            seats: RefCell::default(),
            next_seat: Cell::new(0),
            request: RefCell::default(),
            bell: RefCell::default(),
            tabs: RefCell::default(),
            attention: RefCell::default(),
        });
        let weak = Rc::downgrade(&poller);
        let look = move || {
            if let Some(poller) = weak.upgrade() {
                poller.look_around();
            }
        };
        poller.attention.replace(Some(Attention::watch(look)));
        poller.look_around();
        poller
    }

    /// The most eager card sets the pace for all of them, and one in sight is enough to go on.
    fn wishes_changed(self: &Rc<Self>) {
        let seats = self.seats.borrow();
        if seats.is_empty() {
            return;
        }
        let interval = seats.iter().filter_map(|seat| seat.wish.interval).min();
        let out_of_sight = seats.iter().all(|seat| !seat.wish.in_sight);
        drop(seats);
        self.schedule.borrow_mut().set_interval(interval);
        self.hold(PauseReason::OffScreen, out_of_sight);
        self.join(interval.filter(|_| !out_of_sight && !is_hidden()));
    }

    fn look_around(self: &Rc<Self>) {
        let (hidden, offline) = (is_hidden(), is_offline());
        if self.hold(PauseReason::Offline, offline) && offline {
            // Said at once: a balance that cannot be renewed is no longer a fresh one.
            self.missed(ErrorCode::Offline.into());
        }
        if self.hold(PauseReason::Hidden, hidden) {
            self.wishes_changed();
        }
        self.tell();
    }

    /// Whether that was news.
    fn hold(self: &Rc<Self>, hold: PauseReason, held: bool) -> bool {
        if self.schedule.borrow().is_held(hold) == held {
            return false;
        }
        self.advance(if held { Event::Held(hold) } else { Event::Released(hold) }, None);
        true
    }

    /// Takes a seat among the tabs that ask the same in the same rhythm, or leaves them where
    /// this one would not ask. A tab that asks nothing must not lead those that would.
    ///
    /// With headers of its own a page may be asking for somebody else, so it shares nothing.
    fn join(self: &Rc<Self>, interval: Option<Millis>) {
        let name = interval.filter(|_| self.target.headers.is_none()).map(|interval| {
            let credentials = self.target.credentials.as_str();
            [
                "airalo-balance ",
                credentials,
                " ",
                &Amount::whole(interval).to_decimal(),
                " ",
                &self.target.url,
            ]
            .concat()
        });
        if self.tabs.borrow().as_ref().map(Tabs::name) == name.as_deref() {
            return;
        }
        let tabs = name.map(|name| {
            let (heard, leads) = (Rc::downgrade(self), Rc::downgrade(self));
            let heard = move |letter: Letter, age| {
                if let Some(poller) = heard.upgrade() {
                    poller.heard(&letter, age);
                }
            };
            let leads = move || {
                if let Some(poller) = leads.upgrade() {
                    poller.hold(PauseReason::Follows, false);
                    poller.tell();
                }
            };
            Tabs::join(name, heard, leads)
        });
        let follows = tabs.as_ref().is_some_and(Tabs::follows);
        // The old seat goes first, and with it the lead.
        self.tabs.take();
        self.tabs.replace(tabs);
        self.hold(PauseReason::Follows, follows);
    }

    fn step(self: &Rc<Self>, event: Event, started: Option<Started>) {
        self.advance(event, started);
        self.tell();
    }

    fn advance(self: &Rc<Self>, event: Event, started: Option<Started>) {
        let ticket = self.schedule.borrow_mut().step(event, elapsed(), roll());
        if let Some(ticket) = ticket {
            self.send(ticket, started);
        }
        let wake_at = self.schedule.borrow().wake_at();
        let poller = Rc::downgrade(self);
        *self.bell.borrow_mut() = wake_at.map(|at| {
            ring_at(at, move || {
                if let Some(poller) = poller.upgrade() {
                    poller.step(Event::Due, None);
                }
            })
        });
    }

    fn send(self: &Rc<Self>, ticket: RequestId, started: Option<Started>) {
        let timeout = self.seats.borrow().iter().map(|seat| seat.wish.timeout).max().unwrap_or_default();
        let poller = Rc::downgrade(self);
        let request = ask(&self.target, timeout, started, move |letter| {
            if let Some(poller) = poller.upgrade() {
                poller.answered(ticket, &letter);
            }
        });
        match request {
            Ok(request) => *self.request.borrow_mut() = Some(request),
            Err(trouble) => self.settle(ticket, Err(trouble)),
        }
    }

    fn answered(self: &Rc<Self>, ticket: RequestId, letter: &Letter) {
        if !self.schedule.borrow().accepts(ticket) {
            return;
        }
        let outcome = letter.read(None);
        if let Some(tabs) = self.tabs.borrow().as_ref() {
            tabs.tell(letter, outcome.as_ref().map_or(0, |(_, age)| *age));
        }
        self.settle(ticket, outcome.map(|(reading, _)| reading));
    }

    fn settle(self: &Rc<Self>, ticket: RequestId, outcome: Result<Reading, FetchError>) {
        self.request.borrow_mut().take();
        self.feed.borrow_mut().settled = next_number();
        match outcome {
            Ok(reading) => {
                self.shown(reading);
                self.step(Event::Answered(ticket), None);
            }
            Err(trouble) => {
                let retry_after = trouble.retry_after;
                self.missed(trouble);
                self.step(Event::Failed { ticket, retry_after }, None);
            }
        }
    }

    /// Another tab passes on what it was answered. What this one asks for itself is still to
    /// come, and newer.
    fn heard(self: &Rc<Self>, letter: &Letter, age: Millis) {
        if self.schedule.borrow().is_asking() {
            return;
        }
        match letter.read(Some(age)) {
            Ok((reading, _)) => {
                self.shown(reading);
                self.step(Event::Told(0), None);
            }
            Err(trouble) => {
                self.missed(trouble);
                self.tell();
            }
        }
    }

    /// A page brought an answer along. It counts where nothing newer is known.
    fn given(self: &Rc<Self>, body: &str) {
        let Ok((reading, age)) = Letter::given(body).read(None) else {
            warn("<airalo-balance>: the script inside it holds no answer with a balance; asking for one.");
            return;
        };
        let newer = self.feed.borrow().state.reading().is_none_or(|known| known.taken_at < reading.taken_at);
        if newer && !self.schedule.borrow().is_asking() {
            self.shown(reading);
            self.step(Event::Told(age), None);
        }
    }

    fn shown(&self, reading: Reading) {
        let mut feed = self.feed.borrow_mut();
        feed.state = std::mem::take(&mut feed.state).answered(reading);
    }

    fn missed(&self, trouble: FetchError) {
        let mut feed = self.feed.borrow_mut();
        feed.state = std::mem::take(&mut feed.state).failed(trouble);
        feed.failure = next_number();
        feed.failed_at = time_of_day();
    }

    /// Calls every listener. Nothing here is borrowed meanwhile: a listener may well come back
    /// and ask for more.
    fn tell(&self) {
        let feed = {
            let (schedule, mut feed) = (self.schedule.borrow(), self.feed.borrow_mut());
            feed.busy = schedule.is_asking();
            feed.next_try = schedule.wake_at();
            Rc::new(feed.clone())
        };
        let listeners: Vec<Listener> = self.seats.borrow().iter().map(|seat| seat.listener.clone()).collect();
        for listener in listeners {
            listener(feed.clone());
        }
    }
}
