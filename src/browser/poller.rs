//! One poller for all cards with the same target: one schedule, one request, one response.

mod subscription;

use super::clock::{Timer, call_at, elapsed, random, time_of_day};
use super::fetch::{InFlight, Response, StartedRequest, Target, request};
use super::tabs::TabGroup;
use super::visibility::{PageObserver, is_offline, is_page_hidden};
use super::warn;
use crate::model::schedule::{Event, Millis, PauseReason, RequestId, Schedule};
use crate::model::{ErrorCode, FetchError, PollState, Reading};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
pub(crate) use subscription::Subscription;

thread_local! {
    /// Weak references, so that a poller ends with its last subscriber.
    static POLLERS: RefCell<Vec<Weak<Poller>>> = const { RefCell::new(Vec::new()) };
    static LAST_NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// A number that is unique on the page. Failures and settled requests are numbered by it, so that
/// a card that is pointed at another URL never takes an old event for a new one.
pub(crate) fn unique_number() -> u32 {
    LAST_NUMBER.set(LAST_NUMBER.get().wrapping_add(1));
    LAST_NUMBER.get()
}

/// What one card wants from its poller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SubscriberOptions {
    /// The time between two automatic requests. `None`: only the first one is automatic, and one
    /// when the network returns.
    pub(crate) interval: Option<Millis>,
    /// How long a request may take.
    pub(crate) timeout: Millis,
    /// Whether the card is near the viewport. A card that is not lazy counts as near.
    pub(crate) near_viewport: bool,
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

struct Poller {
    target: Target,
    schedule: RefCell<Schedule>,
    state: RefCell<PollState>,
    subscribers: RefCell<Vec<Subscriber>>,
    in_flight: RefCell<Option<InFlight>>,
    timer: RefCell<Option<Rc<Timer>>>,
    tabs: RefCell<Option<TabGroup>>,
    page: RefCell<Option<PageObserver>>,
}

/// Stops every poller of the page after a panic. A panic may leave a cell borrowed for ever, and
/// such a cell is skipped.
pub(crate) fn stop_all() {
    let pollers = POLLERS.with(|pollers| pollers.try_borrow_mut().map(|mut all| std::mem::take(&mut *all)));
    for poller in pollers.unwrap_or_default().iter().filter_map(Weak::upgrade) {
        let _ = poller.subscribers.try_borrow_mut().map(|mut subscribers| subscribers.clear());
        let _ = poller.timer.try_borrow_mut().map(|mut timer| timer.take());
        let _ = poller.in_flight.try_borrow_mut().map(|mut request| request.take());
        let _ = poller.tabs.try_borrow_mut().map(|mut tabs| tabs.take());
        let _ = poller.page.try_borrow_mut().map(|mut page| page.take());
    }
}

impl Poller {
    /// The running poller of this target, or a new one.
    fn of(target: &Target, options: SubscriberOptions) -> Rc<Self> {
        POLLERS.with_borrow_mut(|pollers| {
            pollers.retain(|poller| poller.strong_count() > 0);
            let running = pollers.iter().filter_map(Weak::upgrade).find(|poller| poller.target == *target);
            running.unwrap_or_else(|| {
                let poller = Self::start(target.clone(), options);
                pollers.push(Rc::downgrade(&poller));
                poller
            })
        })
    }

    fn start(target: Target, options: SubscriberOptions) -> Rc<Self> {
        let poller = Rc::new(Self {
            target,
            schedule: RefCell::new(Schedule::new(options.interval, elapsed())),
            state: RefCell::default(),
            subscribers: RefCell::default(),
            in_flight: RefCell::default(),
            timer: RefCell::default(),
            tabs: RefCell::default(),
            page: RefCell::default(),
        });
        let weak = Rc::downgrade(&poller);
        let on_change = move || {
            if let Some(poller) = weak.upgrade() {
                poller.page_changed();
            }
        };
        poller.page.replace(Some(PageObserver::new(on_change)));
        // Before a balance of the page is read, because an old one makes a request at once.
        poller.set_paused(PauseReason::OffScreen, !options.near_viewport);
        poller.page_changed();
        poller
    }

    /// The shortest interval counts for all subscribers, and one near the viewport is enough to poll.
    fn apply_options(self: &Rc<Self>) {
        let subscribers = self.subscribers.borrow();
        if subscribers.is_empty() {
            return;
        }
        let interval = subscribers.iter().filter_map(|subscriber| subscriber.options.interval).min();
        let off_screen = subscribers.iter().all(|subscriber| !subscriber.options.near_viewport);
        drop(subscribers);
        self.schedule.borrow_mut().set_interval(interval);
        self.set_paused(PauseReason::OffScreen, off_screen);
        self.join_tabs(interval.filter(|_| !off_screen && !is_page_hidden()));
    }

    /// The page was hidden or shown, or the network went or returned.
    fn page_changed(self: &Rc<Self>) {
        let offline = is_offline();
        if self.set_paused(PauseReason::Offline, offline) && offline {
            // Shown at once, because the balance can no longer be renewed.
            self.set_error(ErrorCode::Offline.into());
        }
        if self.set_paused(PauseReason::Hidden, is_page_hidden()) {
            self.apply_options();
        }
        self.publish();
    }

    /// Returns whether this changed anything.
    fn set_paused(self: &Rc<Self>, reason: PauseReason, paused: bool) -> bool {
        if self.schedule.borrow().is_paused_for(reason) == paused {
            return false;
        }
        self.handle(if paused { Event::Paused(reason) } else { Event::Resumed(reason) }, None);
        true
    }

    /// Joins the tabs with the same target and interval. A tab that makes no automatic requests
    /// has no interval here and leaves them: it must not lead tabs that would.
    ///
    /// A page with headers of its own may be asking for another user, so it shares nothing.
    fn join_tabs(self: &Rc<Self>, interval: Option<Millis>) {
        let Target { url, credentials, headers } = &self.target;
        let name = interval
            .filter(|_| headers.is_none())
            .map(|interval| format!("airalo-balance {} {interval} {url}", credentials.as_str()));
        if self.tabs.borrow().as_ref().map(TabGroup::name) == name.as_deref() {
            return;
        }
        let tabs = name.map(|name| {
            let (receiver, leader) = (Rc::downgrade(self), Rc::downgrade(self));
            let on_response = move |response: Response, age| {
                if let Some(poller) = receiver.upgrade() {
                    poller.receive(&response, age);
                }
            };
            let on_lead = move || {
                if let Some(poller) = leader.upgrade() {
                    poller.set_paused(PauseReason::Follower, false);
                    poller.publish();
                }
            };
            TabGroup::join(name, on_response, on_lead)
        });
        let may_follow = tabs.as_ref().is_some_and(TabGroup::may_follow);
        self.tabs.replace(tabs);
        self.set_paused(PauseReason::Follower, may_follow);
    }

    fn handle_and_publish(self: &Rc<Self>, event: Event, started: Option<StartedRequest>) {
        self.handle(event, started);
        self.publish();
    }

    /// Passes an event to the schedule, makes the request that is due, and sets the next timer.
    fn handle(self: &Rc<Self>, event: Event, started: Option<StartedRequest>) {
        let id = self.schedule.borrow_mut().step(event, elapsed(), random());
        if let Some(id) = id {
            self.send(id, started);
        }
        let wake_at = self.schedule.borrow().wake_at();
        let poller = Rc::downgrade(self);
        *self.timer.borrow_mut() = wake_at.map(|at| {
            call_at(at, move || {
                if let Some(poller) = poller.upgrade() {
                    poller.handle_and_publish(Event::Due, None);
                }
            })
        });
    }

    fn send(self: &Rc<Self>, id: RequestId, started: Option<StartedRequest>) {
        let subscribers = self.subscribers.borrow();
        let timeout =
            subscribers.iter().map(|subscriber| subscriber.options.timeout).max().unwrap_or_default();
        drop(subscribers);
        let poller = Rc::downgrade(self);
        let sent = request(&self.target, timeout, started, move |response| {
            if let Some(poller) = poller.upgrade() {
                poller.handle_response(id, &response);
            }
        });
        match sent {
            Ok(in_flight) => *self.in_flight.borrow_mut() = Some(in_flight),
            Err(error) => self.settle(id, Err(error)),
        }
    }

    fn handle_response(self: &Rc<Self>, id: RequestId, response: &Response) {
        if !self.schedule.borrow().accepts(id) {
            return;
        }
        let reading = response.reading(None);
        if let Some(tabs) = self.tabs.borrow().as_ref() {
            tabs.share(response, reading.as_ref().map_or(0, |(_, age)| *age));
        }
        self.settle(id, reading.map(|(reading, _)| reading));
    }

    fn settle(self: &Rc<Self>, id: RequestId, reading: Result<Reading, FetchError>) {
        self.in_flight.borrow_mut().take();
        self.state.borrow_mut().settled = unique_number();
        match reading {
            Ok(reading) => {
                self.set_reading(reading);
                self.handle_and_publish(Event::Succeeded(id), None);
            }
            Err(error) => {
                let retry_after = error.retry_after;
                self.set_error(error);
                self.handle_and_publish(Event::Failed { request: id, retry_after }, None);
            }
        }
    }

    /// Another tab shares its response. While a request of this tab is in flight it is ignored,
    /// because that response will be newer.
    fn receive(self: &Rc<Self>, response: &Response, age: Millis) {
        if self.schedule.borrow().is_in_flight() {
            return;
        }
        match response.reading(Some(age)) {
            Ok((reading, _)) => {
                self.set_reading(reading);
                self.handle_and_publish(Event::Received(0), None);
            }
            Err(error) => {
                self.set_error(error);
                self.publish();
            }
        }
    }

    /// The page contains a response. It counts unless something newer is known.
    fn load_from_page(self: &Rc<Self>, body: &str) {
        let Ok((reading, age)) = Response::from_page(body).reading(None) else {
            warn("<airalo-balance>: the script inside it holds no answer with a balance; asking for one.");
            return;
        };
        let newer = self.state.borrow().state.reading().is_none_or(|known| known.taken_at < reading.taken_at);
        if newer && !self.schedule.borrow().is_in_flight() {
            self.set_reading(reading);
            self.handle_and_publish(Event::Received(age), None);
        }
    }

    fn set_reading(&self, reading: Reading) {
        let mut poll = self.state.borrow_mut();
        poll.state = std::mem::take(&mut poll.state).loaded(reading);
    }

    fn set_error(&self, error: FetchError) {
        let mut poll = self.state.borrow_mut();
        poll.state = std::mem::take(&mut poll.state).failed(error);
        poll.failure = unique_number();
        poll.failed_at = time_of_day();
    }

    /// Calls every listener. Nothing is borrowed meanwhile, because a listener may refresh.
    fn publish(&self) {
        let state = {
            let (schedule, mut state) = (self.schedule.borrow(), self.state.borrow_mut());
            state.in_flight = schedule.is_in_flight();
            state.next_request_at = schedule.wake_at();
            Rc::new(state.clone())
        };
        let subscribers = self.subscribers.borrow();
        let listeners: Vec<_> = subscribers.iter().map(|subscriber| subscriber.listener.clone()).collect();
        drop(subscribers);
        for listener in listeners {
            listener(state.clone());
        }
    }
}
