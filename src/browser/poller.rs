//! One poller for all cards that ask the same thing: one schedule, one request, one answer.

use super::clock::{elapsed, ring_in, roll};
use super::fetch::{Inflight, Started, Target, ask};
use crate::model::schedule::{Event, Millis, Schedule, Ticket};
use crate::model::{Feed, Reading, Trouble};
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

thread_local! {
    /// Weak, so that a poller ends with the last card that listens to it.
    static POLLERS: RefCell<Vec<Weak<Poller>>> = const { RefCell::new(Vec::new()) };
}

thread_local! {
    static FAILURES: Cell<u32> = const { Cell::new(0) };
}

/// Failures are numbered over the whole page, so that a card that is pointed at another URL
/// cannot take the first failure there for the last one here.
pub(crate) fn next_failure() -> u32 {
    FAILURES.set(FAILURES.get().wrapping_add(1));
    FAILURES.get()
}

/// How one card wants to be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) interval: Option<Millis>,
    pub(crate) timeout: Millis,
}

type Listener = Rc<dyn Fn(Feed)>;

struct Seat {
    number: u32,
    wish: Wish,
    listener: Listener,
}

struct Poller {
    target: Target,
    schedule: RefCell<Schedule>,
    feed: RefCell<Feed>,
    seats: RefCell<Vec<Seat>>,
    next_seat: Cell<u32>,
    request: RefCell<Option<Inflight>>,
    bell: RefCell<Option<Timeout>>,
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
        started: Option<Started>,
        listener: impl Fn(Feed) + 'static,
    ) -> Self {
        let poller = POLLERS.with_borrow_mut(|pollers| {
            pollers.retain(|poller| poller.strong_count() > 0);
            let known = pollers.iter().filter_map(Weak::upgrade).find(|poller| poller.target == *target);
            known.unwrap_or_else(|| {
                let poller = Rc::new(Poller::new(target.clone(), wish.interval));
                pollers.push(Rc::downgrade(&poller));
                poller
            })
        });
        let number = poller.next_seat.replace(poller.next_seat.get() + 1);
        let listener: Listener = Rc::new(listener);
        poller.seats.borrow_mut().push(Seat { number, wish, listener: listener.clone() });
        let feed = poller.feed.borrow().clone();
        if feed != Feed::default() {
            listener(feed);
        }
        poller.wishes_changed();
        poller.step(Event::Due, started);
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

impl Poller {
    fn new(target: Target, interval: Option<Millis>) -> Self {
        Self {
            target,
            schedule: RefCell::new(Schedule::new(interval, elapsed())),
            feed: RefCell::default(),
            seats: RefCell::default(),
            next_seat: Cell::new(0),
            request: RefCell::default(),
            bell: RefCell::default(),
        }
    }

    /// The most eager card sets the pace for all of them.
    fn wishes_changed(&self) {
        let interval = self.seats.borrow().iter().filter_map(|seat| seat.wish.interval).min();
        self.schedule.borrow_mut().set_interval(interval);
    }

    fn step(self: &Rc<Self>, event: Event, started: Option<Started>) {
        let ticket = self.schedule.borrow_mut().step(event, elapsed(), roll());
        if let Some(ticket) = ticket {
            self.send(ticket, started);
        }
        self.set_bell();
        self.tell();
    }

    fn set_bell(self: &Rc<Self>) {
        let wake_at = self.schedule.borrow().wake_at();
        let poller = Rc::downgrade(self);
        *self.bell.borrow_mut() = wake_at.map(|at| {
            ring_in(at - elapsed(), move || {
                if let Some(poller) = poller.upgrade() {
                    poller.step(Event::Due, None);
                }
            })
        });
    }

    fn send(self: &Rc<Self>, ticket: Ticket, started: Option<Started>) {
        let timeout = self.seats.borrow().iter().map(|seat| seat.wish.timeout).max().unwrap_or_default();
        let poller = Rc::downgrade(self);
        let request = ask(&self.target, timeout, started, move |outcome| {
            if let Some(poller) = poller.upgrade() {
                poller.settle(ticket, outcome);
            }
        });
        match request {
            Ok(request) => *self.request.borrow_mut() = Some(request),
            Err(trouble) => self.settle(ticket, Err(trouble)),
        }
    }

    fn settle(self: &Rc<Self>, ticket: Ticket, outcome: Result<Reading, Trouble>) {
        if !self.schedule.borrow().accepts(ticket) {
            return;
        }
        self.request.borrow_mut().take();
        let mut feed = self.feed.borrow_mut();
        let state = std::mem::take(&mut feed.state);
        let event = match outcome {
            Ok(reading) => {
                feed.state = state.answered(reading);
                Event::Answered(ticket)
            }
            Err(trouble) => {
                let retry_after = trouble.retry_after;
                feed.state = state.failed(trouble);
                feed.failure = next_failure();
                Event::Failed { ticket, retry_after }
            }
        };
        drop(feed);
        self.step(event, None);
    }

    /// Calls every listener if something is new. None of them is called while anything here is
    /// borrowed: a listener may well come back and ask for more.
    fn tell(&self) {
        let busy = self.schedule.borrow().is_asking();
        let feed = {
            let mut feed = self.feed.borrow_mut();
            feed.busy = busy;
            feed.clone()
        };
        let listeners: Vec<Listener> = self.seats.borrow().iter().map(|seat| seat.listener.clone()).collect();
        for listener in listeners {
            listener(feed.clone());
        }
    }
}
