//! A card's handle to its poller.

use super::{Listener, Poller, Preloaded, Subscriber, SubscriberOptions, unique_number};
use crate::browser::fetch::Target;
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
    /// Subscribes to the poller of this target, or starts one. `listener` is called at once if
    /// something is known already, and at every change.
    pub(crate) fn new(
        target: &Target,
        options: SubscriberOptions,
        preloaded: Preloaded,
        listener: impl Fn(Rc<PollState>) + 'static,
    ) -> Self {
        let poller = Poller::of(target, options);
        let listener: Listener = Rc::new(listener);
        let id = unique_number();
        poller.subscribers.borrow_mut().push(Subscriber { id, options, listener: listener.clone() });
        let state = poller.state.borrow().clone();
        if state != PollState::default() {
            listener(Rc::new(state));
        }
        if let Some(body) = preloaded.body {
            poller.load_from_page(&body);
        }
        poller.apply_options();
        poller.handle_and_publish(Event::Due, preloaded.request);
        Self { poller, id }
    }

    /// Asks for a fresh balance for all subscribers.
    pub(crate) fn refresh(&self) {
        self.poller.handle_and_publish(Event::Refresh, None);
    }

    /// Changes the options of this subscriber.
    pub(crate) fn set_options(&self, options: SubscriberOptions) {
        let mut subscribers = self.poller.subscribers.borrow_mut();
        if let Some(subscriber) = subscribers.iter_mut().find(|subscriber| subscriber.id == self.id) {
            subscriber.options = options;
        }
        drop(subscribers);
        self.poller.apply_options();
        self.poller.handle_and_publish(Event::Due, None);
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.poller.subscribers.borrow_mut().retain(|subscriber| subscriber.id != self.id);
        self.poller.apply_options();
    }
}
