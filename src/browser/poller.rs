//! One poller for all cards with the same target: one schedule, one request, one response.

mod history;
mod registry;
mod sharing;
mod subscription;

use super::clock::{Timer, call_at, elapsed, random, time_of_day};
use super::fetch::{InFlight, Response, StartedRequest, Target, request};
use super::headers::Headers;
use super::tabs::TabGroup;
use super::visibility::{PageObserver, is_page_hidden};
use super::{unique_number, warn};
use crate::model::schedule::{Event, Millis, PauseReason, RequestId, Schedule};
use crate::model::timestamps::ServerClock;
use crate::model::{ErrorCode, FetchError, PollState, Reading, State};
use history::History;
pub(crate) use history::HistoryUrl;
pub(crate) use registry::known;
#[cfg(feature = "element")]
pub(crate) use registry::stop_all;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
pub(crate) use subscription::Subscription;

/// How long a poller without subscribers keeps its request in flight. A page that swaps an element
/// for a new one goes on where the old one was.
const SWAP_TIME: Millis = 1_000;

/// What one card wants from its poller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SubscriberOptions {
    /// The time between two automatic requests. `None`: only the first one is automatic, one when the
    /// network returns, and one where the server was getting a newer balance.
    pub(crate) interval: Option<Millis>,
    /// How long a request may take.
    pub(crate) timeout: Millis,
    /// Whether the card wants automatic requests now: it is near the viewport, if it is lazy, and
    /// the page has started it, if it is manual.
    pub(crate) active: bool,
    /// Where the history is.
    pub(crate) history: Option<HistoryUrl>,
}

/// What a subscription begins with.
#[derive(Default)]
pub(crate) struct Start {
    pub(crate) options: SubscriberOptions,
    pub(crate) preloaded: Preloaded,
    /// What is known is that of another user.
    pub(crate) reset: bool,
}

/// What a card has of its first response before the poller makes a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Preloaded {
    /// The body of a response that the page contains.
    pub(crate) body: Option<Rc<str>>,
    /// A request that the element's class has started.
    pub(crate) request: Option<StartedRequest>,
}

type Listener = Rc<dyn Fn(Rc<PollState>)>;

struct Subscriber {
    id: u32,
    options: SubscriberOptions,
    listener: Listener,
}

/// Requests the balance of one target for its subscribers. No cell is borrowed while a listener runs,
/// because a listener may refresh.
struct Poller {
    target: Target,
    /// Read before every request. Pollers with the same target may differ in them, because two
    /// cards may show two accounts; what a card sets later is for the same account.
    headers: RefCell<Option<Headers>>,
    schedule: RefCell<Schedule>,
    state: RefCell<PollState>,
    server_clock: RefCell<ServerClock>,
    subscribers: RefCell<Vec<Subscriber>>,
    /// A request that the class has started, until the schedule asks for one.
    started_request: RefCell<Option<StartedRequest>>,
    in_flight: RefCell<Option<InFlight>>,
    history: History,
    timer: RefCell<Option<Rc<Timer>>>,
    tabs: RefCell<Option<TabGroup>>,
    page: RefCell<Option<PageObserver>>,
    /// When the last subscriber went, while there is none.
    left_at: Cell<Option<Millis>>,
    /// The balance was shown by a card that is gone, and no response has confirmed it since. The
    /// reader may be another one by now.
    unconfirmed: Cell<bool>,
    warned: Cell<bool>,
}

impl Poller {
    fn new(target: Target, headers: Option<Headers>, interval: Option<Millis>) -> Self {
        Self {
            target,
            headers: RefCell::new(headers),
            schedule: RefCell::new(Schedule::new(interval, elapsed())),
            state: RefCell::default(),
            server_clock: RefCell::default(),
            subscribers: RefCell::default(),
            started_request: RefCell::default(),
            in_flight: RefCell::default(),
            history: History::default(),
            timer: RefCell::default(),
            tabs: RefCell::default(),
            page: RefCell::default(),
            left_at: Cell::default(),
            unconfirmed: Cell::default(),
            warned: Cell::default(),
        }
    }

    /// Starts to observe the page, for the first subscriber.
    fn start(self: &Rc<Self>, active: bool) {
        self.left_at.set(None);
        let (visibility, network) = (Rc::downgrade(self), Rc::downgrade(self));
        let on_visibility = move || {
            if let Some(poller) = visibility.upgrade() {
                poller.visibility_changed();
            }
        };
        let on_network = move || {
            if let Some(poller) = network.upgrade() {
                // A request finds out whether there is a network; the browser may be wrong.
                poller.handle_and_publish(Event::NetworkChanged);
            }
        };
        self.page.replace(Some(PageObserver::new(on_visibility, on_network)));
        // Before a balance of the page is read, because an old one makes a request at once.
        self.set_paused(PauseReason::Inactive, !active);
        self.visibility_changed();
    }

    /// Stops everything but a request in flight, which a card that comes at once may still use.
    fn stop(self: &Rc<Self>) {
        self.left_at.set(Some(elapsed()));
        self.page.take();
        self.tabs.take();
        self.history.stop();
        self.schedule.borrow_mut().set_follower(false);
        self.handle(Event::Left);
        let poller = Rc::downgrade(self);
        self.timer.replace(Some(call_at(elapsed() + SWAP_TIME, move || {
            if let Some(poller) = poller.upgrade() {
                poller.in_flight.take();
                poller.handle(Event::Aborted);
                poller.unconfirmed.set(true);
            }
        })));
    }

    /// The shortest interval counts for all subscribers, and one that is active is enough to poll.
    fn apply_options(self: &Rc<Self>) {
        let subscribers = self.subscribers.borrow();
        let interval = subscribers.iter().filter_map(|subscriber| subscriber.options.interval).min();
        let inactive = subscribers.iter().all(|subscriber| !subscriber.options.active);
        drop(subscribers);
        self.schedule.borrow_mut().set_interval(interval);
        self.set_paused(PauseReason::Inactive, inactive);
        self.join_tabs(interval.filter(|_| !inactive && !is_page_hidden()));
    }

    fn visibility_changed(self: &Rc<Self>) {
        if self.set_paused(PauseReason::Hidden, is_page_hidden()) {
            self.apply_options();
            self.publish();
        }
    }

    /// Returns whether this changed anything.
    fn set_paused(self: &Rc<Self>, reason: PauseReason, paused: bool) -> bool {
        if self.schedule.borrow().is_paused_for(reason) == paused {
            return false;
        }
        self.handle(if paused { Event::Paused(reason) } else { Event::Resumed(reason) });
        true
    }

    /// New headers are for the next request. They make one only as long as there is no balance, at
    /// once where a request without headers was refused.
    fn set_headers(self: &Rc<Self>, headers: Option<Headers>) {
        let before = self.headers.borrow().clone();
        if before == headers {
            return;
        }
        self.headers.replace(headers);
        self.apply_options();
        let state = self.state.borrow().state.clone();
        if state.reading().is_none() {
            let is_refused = state.error().is_some_and(|error| error.code == ErrorCode::Unauthorized);
            let event = if before.is_none() && is_refused { Event::HeadersSet } else { Event::Wanted };
            self.handle_and_publish(event);
        }
    }

    /// Forgets the balance and makes a new request, because another user is here now.
    fn reset(self: &Rc<Self>) {
        self.started_request.take();
        self.forget();
        self.handle_and_publish(Event::Reset);
    }

    /// Whoever waits for a request does not wait for one that may not be made yet.
    fn settle_unless_near(self: &Rc<Self>) {
        if !self.schedule.borrow().is_request_near(elapsed()) {
            self.state.borrow_mut().settled = unique_number();
            self.publish();
        }
    }

    /// Forgets what belongs to the user who was here before, and aborts a request for it.
    fn forget(self: &Rc<Self>) {
        self.history.reset();
        let mut poll = self.state.borrow_mut();
        poll.history = None;
        // A server that wants to be left alone is not asked at once, so its error stays.
        poll.state = poll.state.error().map_or(State::Loading, |error| State::Failed(error.clone()));
        // Nothing has settled for the user who is here now.
        poll.settled = 0;
        drop(poll);
        if self.in_flight.take().is_some() {
            self.handle(Event::Aborted);
        }
    }

    fn handle_and_publish(self: &Rc<Self>, event: Event) {
        self.handle(event);
        self.publish();
    }

    /// Passes an event to the schedule, makes the request that is due, and sets the next timer.
    fn handle(self: &Rc<Self>, event: Event) {
        let id = self.schedule.borrow_mut().step(event, elapsed(), random());
        if let Some(id) = id {
            self.send(id);
        }
        if self.left_at.get().is_some() {
            // The timer is the one that ends the time for a swap.
            return;
        }
        let wake_at = self.schedule.borrow().wake_at();
        let poller = Rc::downgrade(self);
        *self.timer.borrow_mut() = wake_at.map(|at| {
            call_at(at, move || {
                if let Some(poller) = poller.upgrade() {
                    poller.handle_and_publish(Event::Due);
                }
            })
        });
    }

    fn send(self: &Rc<Self>, id: RequestId) {
        let (headers, started) = (self.headers.borrow().clone(), self.started_request.take());
        let poller = Rc::downgrade(self);
        let on_response = Box::new(move |response| {
            if let Some(poller) = poller.upgrade() {
                poller.handle_response(id, &response);
            }
        });
        match request(&self.target, headers, self.timeout(), started, on_response) {
            Ok(in_flight) => *self.in_flight.borrow_mut() = Some(in_flight),
            Err(error) => self.settle(id, Err(error)),
        }
    }

    /// The longest timeout of a subscriber counts for all.
    fn timeout(&self) -> Millis {
        let subscribers = self.subscribers.borrow();
        subscribers.iter().map(|subscriber| subscriber.options.timeout).max().unwrap_or_default()
    }

    fn handle_response(self: &Rc<Self>, id: RequestId, response: &Response) {
        if !self.schedule.borrow().accepts(id) {
            return;
        }
        let reading = response.reading(&mut self.server_clock.borrow_mut(), None);
        self.share(response, reading.as_ref().ok());
        self.settle(id, reading);
    }

    fn settle(self: &Rc<Self>, id: RequestId, reading: Result<Reading, FetchError>) {
        self.in_flight.borrow_mut().take();
        self.state.borrow_mut().settled = unique_number();
        match reading {
            Ok(reading) => {
                let refreshing = reading.refreshing;
                self.set_reading(reading);
                self.handle_and_publish(Event::Succeeded(id));
                if refreshing {
                    self.handle(Event::Refreshing);
                }
            }
            Err(error) => {
                let retry_after = error.retry_after;
                self.set_error(error);
                self.handle_and_publish(Event::Failed { request: id, retry_after });
            }
        }
    }

    /// The page contains a response. It counts unless something newer is known.
    fn load_from_page(self: &Rc<Self>, body: &str) {
        let Ok(reading) = Response::from_page(body).reading(&mut ServerClock::default(), None) else {
            warn("airalo-balance: the initial data holds no answer with a balance; asking for one.");
            return;
        };
        let newer = self.state.borrow().state.reading().is_none_or(|known| reading.is_newer_than(known));
        if newer && !self.schedule.borrow().is_in_flight() {
            // A balance of unknown age is as good as one that is due to be renewed.
            let age = reading.age(elapsed()).unwrap_or(Millis::from(u32::MAX));
            let refreshing = reading.refreshing;
            self.set_reading(reading);
            self.handle_and_publish(Event::FromPage(age));
            if refreshing {
                self.handle(Event::Refreshing);
            }
        }
    }

    fn set_reading(&self, reading: Reading) {
        if reading.fetched_at.is_none() && !self.warned.replace(true) {
            warn(
                "airalo-balance: the answer does not say when its balance was fetched. Let meta.fetched_at \
                 be a time such as 2026-11-20T10:00:00Z (RFC 3339).",
            );
        }
        self.unconfirmed.set(false);
        let mut poll = self.state.borrow_mut();
        poll.state = std::mem::take(&mut poll.state).loaded(reading);
    }

    fn set_error(&self, error: FetchError) {
        let refused = matches!(error.code, ErrorCode::Unauthorized | ErrorCode::Forbidden);
        let mut poll = self.state.borrow_mut();
        if refused && self.unconfirmed.get() {
            self.history.reset();
            poll.state = State::Loading;
            poll.history = None;
        }
        poll.state = std::mem::take(&mut poll.state).failed(error);
        poll.failure = unique_number();
        poll.failed_at = time_of_day();
    }

    /// Calls every listener. Nothing is borrowed meanwhile, because a listener may refresh.
    fn publish(self: &Rc<Self>) {
        let state = {
            let (schedule, mut state) = (self.schedule.borrow(), self.state.borrow_mut());
            state.in_flight = schedule.is_in_flight();
            state.next_request_at = schedule.expected_at();
            Rc::new(state.clone())
        };
        let subscribers = self.subscribers.borrow();
        let listeners: Vec<_> = subscribers.iter().map(|subscriber| subscriber.listener.clone()).collect();
        drop(subscribers);
        for listener in listeners {
            listener(state.clone());
        }
        self.ask_for_history();
    }
}
