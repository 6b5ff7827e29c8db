//! A card's handle to its poller.

use super::{Listener, Poller, Start, Subscriber, SubscriberOptions, registry};
use crate::browser::fetch::Target;
use crate::browser::headers::Headers;
use crate::browser::unique_number;
use crate::model::PollState;
use crate::model::schedule::Event;
use std::rc::Rc;

/// A card's subscription. Dropping it unsubscribes; the last one stops the poller with its timer
/// and its request.
pub(crate) struct Subscription {
    poller: Rc<Poller>,
    id: u32,
}

impl Subscription {
    /// Subscribes to the poller of this target and these headers, or starts one. `listener` is
    /// called at once if something is known already, and at every change.
    pub(crate) fn new(
        target: &Target,
        headers: Option<&Headers>,
        Start { options, preloaded, reset }: Start,
        listener: impl Fn(Rc<PollState>) + 'static,
    ) -> Self {
        let poller = registry::find_or_insert(target, headers, || {
            Poller::new(target.clone(), headers.cloned(), options.interval)
        });
        let is_first = poller.subscribers.borrow().is_empty();
        let listener: Listener = Rc::new(listener);
        let id = unique_number();
        let active = options.active;
        poller.subscribers.borrow_mut().push(Subscriber { id, options, listener: listener.clone() });
        // Whichever event makes the first request due, the one that was started is used for it.
        poller.started_request.replace(preloaded.request);
        if reset {
            let others = registry::of_url(&target.url).into_iter();
            others.filter(|other| !Rc::ptr_eq(other, &poller)).for_each(|other| other.reset());
            poller.forget();
        }
        if is_first {
            poller.start(active);
        }
        let state = poller.state.borrow().clone();
        if state != PollState::default() {
            listener(Rc::new(state));
        }
        if let Some(body) = preloaded.body.filter(|_| !reset) {
            poller.load_from_page(&body);
        }
        poller.apply_options();
        poller.handle_and_publish(match reset {
            true => Event::Reset,
            false if poller.unconfirmed.get() => Event::Wanted,
            false => Event::Due,
        });
        if reset {
            poller.settle_unless_near();
        }
        poller.started_request.take();
        Self { poller, id }
    }

    /// Asks for a fresh balance for all subscribers.
    pub(crate) fn refresh(&self) {
        self.poller.handle_and_publish(Event::Refresh);
    }

    /// Forgets the balance of this URL, with whatever headers it was asked for, and asks for that of the
    /// user who is here now.
    pub(crate) fn reset(&self) {
        registry::of_url(&self.poller.target.url).iter().for_each(Poller::reset);
    }

    /// Settles what waits for a request, where none may be made yet.
    pub(crate) fn settle_unless_near(&self) {
        self.poller.settle_unless_near();
    }

    /// Changes the options of this subscriber.
    pub(crate) fn set_options(&self, options: SubscriberOptions) {
        let mut subscribers = self.poller.subscribers.borrow_mut();
        if let Some(subscriber) = subscribers.iter_mut().find(|subscriber| subscriber.id == self.id) {
            subscriber.options = options;
        }
        drop(subscribers);
        self.poller.apply_options();
        self.poller.handle_and_publish(Event::Due);
    }

    /// Changes the headers of the next requests.
    pub(crate) fn set_headers(&self, headers: Option<Headers>) {
        self.poller.set_headers(headers);
    }

    /// The page contains a response, or another one than before.
    pub(crate) fn load_from_page(&self, body: &str) {
        self.poller.load_from_page(body);
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.poller.subscribers.borrow_mut().retain(|subscriber| subscriber.id != self.id);
        let is_last = self.poller.subscribers.borrow().is_empty();
        if is_last { self.poller.stop() } else { self.poller.apply_options() }
    }
}
