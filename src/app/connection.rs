//! Keeps the subscription of a card in line with its props.

use super::props::Props;
use crate::browser::clock::time_of_day;
use crate::browser::fetch::Target;
use crate::browser::poller::{Preloaded, SubscriberOptions, Subscription, unique_number};
use crate::browser::visibility::ViewportObserver;
use crate::model::{ErrorCode, PollState, State};
use std::rc::Rc;
use web_sys::Element;
use yew::Callback;

/// The subscription of one card, and what it depends on.
///
/// Another target is another subscription that starts with nothing known. Any other setting
/// changes the options of the running one.
pub(super) struct Connection {
    on_poll: Callback<Rc<PollState>>,
    on_near_viewport: Callback<bool>,
    /// What the page has brought along, and the target that it belongs to.
    preloaded: Option<(Option<Target>, Preloaded)>,
    /// The target of the subscription. `None` before the first [`Connection::apply`], `Some(None)`
    /// for a card without a URL.
    target: Option<Option<Target>>,
    options: SubscriberOptions,
    subscription: Option<Subscription>,
    refresh_count: u32,
    /// A refresh was requested while there was no subscription.
    refresh_pending: bool,
    /// The element that is observed, and its observer.
    observed: Option<(Element, ViewportObserver)>,
}

impl Connection {
    /// `on_poll` receives every new state, `on_near_viewport` whether the card is near the viewport.
    pub(super) fn new(
        props: &Props,
        on_poll: Callback<Rc<PollState>>,
        on_near_viewport: Callback<bool>,
    ) -> Self {
        let preloaded = Preloaded { body: props.initial_data.clone(), request: props.first_request.clone() };
        Self {
            on_poll,
            on_near_viewport,
            preloaded: Some((target(props), preloaded)),
            target: None,
            options: SubscriberOptions::default(),
            subscription: None,
            refresh_count: props.refresh_count,
            refresh_pending: false,
            observed: None,
        }
    }

    /// Applies the props.
    pub(super) fn apply(&mut self, props: &Props, near_viewport: bool) {
        let config = &*props.config;
        self.observe(props.host.as_ref().filter(|_| config.lazy));
        let options = SubscriberOptions {
            interval: config.refresh_interval,
            timeout: config.request_timeout,
            near_viewport: self.observed.is_none() || near_viewport,
        };
        let target = target(props);
        if self.target.as_ref() != Some(&target) {
            self.subscribe(target, options);
        } else if let Some(subscription) = self.subscription.as_ref().filter(|_| self.options != options) {
            subscription.set_options(options);
        }
        self.options = options;
        let pending = std::mem::take(&mut self.refresh_pending);
        if pending || self.refresh_count != props.refresh_count {
            self.refresh_count = props.refresh_count;
            self.refresh();
        }
    }

    /// Asks for a fresh balance as soon as there is a subscription.
    pub(super) fn refresh(&mut self) {
        match &self.subscription {
            Some(subscription) => subscription.refresh(),
            None => self.refresh_pending = true,
        }
    }

    fn subscribe(&mut self, target: Option<Target>, options: SubscriberOptions) {
        // Dropped first, so that its request is aborted before the next one starts.
        self.subscription = None;
        // Preloaded data never answers for another target than its own.
        let preloaded = self.preloaded.take().filter(|(of, _)| *of == target);
        let preloaded = preloaded.map(|(_, preloaded)| preloaded).unwrap_or_default();
        match &target {
            Some(target) => {
                self.on_poll.emit(Rc::default());
                let on_poll = self.on_poll.clone();
                let listener = move |state| on_poll.emit(state);
                self.subscription = Some(Subscription::new(target, options, preloaded, listener));
            }
            None => self.on_poll.emit(Rc::new(without_url())),
        }
        self.target = Some(target);
    }

    /// Only lazy cards are observed.
    fn observe(&mut self, element: Option<&Element>) {
        if self.observed.as_ref().map(|(element, _)| element) != element {
            self.observed = element.map(|element| {
                let on_near_viewport = self.on_near_viewport.clone();
                (element.clone(), ViewportObserver::new(element, move |near| on_near_viewport.emit(near)))
            });
        }
    }
}

fn target(props: &Props) -> Option<Target> {
    let url = props.config.proxy_url.as_ref().ok()?;
    Some(Target::new(url, props.config.credentials, props.headers.clone()))
}

/// The state of a card that has no URL to request.
fn without_url() -> PollState {
    PollState {
        state: State::Failed(ErrorCode::Config.into()),
        failure: unique_number(),
        failed_at: time_of_day(),
        ..PollState::default()
    }
}
