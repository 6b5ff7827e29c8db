//! Keeps the subscription of a card in line with its props.

use super::props::Props;
use crate::browser::clock::time_of_day;
use crate::browser::fetch::{Target, absolute};
use crate::browser::poller::{HistoryUrl, Preloaded, Start, SubscriberOptions, Subscription, known};
use crate::browser::visibility::ViewportObserver;
use crate::browser::{Headers, unique_number};
use crate::model::config::{Credentials, Loading};
use crate::model::{Config, ErrorCode, PollState, State};
use std::rc::Rc;
use web_sys::Element;
use yew::Callback;

/// A URL as the page has written it, if there is one, and the cookies that are sent to it.
type Address = (Option<String>, Credentials);

/// What a card is subscribed to.
#[derive(Debug, PartialEq, Eq)]
enum Subscribed {
    /// The target of its URL.
    To(Target),
    /// It has no URL.
    ToNothing,
}

/// What was asked for while there was no subscription. A refresh is made also where the card is hidden,
/// and a reset is not.
#[derive(Debug, Default)]
struct Pending {
    refresh: bool,
    reset: bool,
}

/// The subscription of one card, and what it depends on.
///
/// Another target is another subscription, without the balance of the old one. Any other setting
/// changes the running one.
pub(super) struct Connection {
    on_poll: Callback<Rc<PollState>>,
    on_near_viewport: Callback<bool>,
    /// What the page has brought along, and the address that it belongs to.
    preloaded: Option<(Address, Preloaded)>,
    /// The address of the target. It is resolved when it changes: a router may change the URL of the
    /// page, and with it what a relative address would be now.
    address: Option<Address>,
    /// What the card is subscribed to. `None` before the first [`Connection::apply`].
    subscribed: Option<Subscribed>,
    /// The address of the history, and its URL since then.
    history: Option<(String, Rc<str>)>,
    options: SubscriberOptions,
    headers: Option<Headers>,
    /// The response in the page that was read last.
    initial_data: Option<Rc<str>>,
    subscription: Option<Subscription>,
    refresh_count: u32,
    reset_count: u32,
    pending: Pending,
    /// The page has asked for a balance. A manual card makes no automatic request before.
    requested: bool,
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
            preloaded: Some((address(&props.config), preloaded)),
            address: None,
            subscribed: None,
            history: None,
            options: SubscriberOptions::default(),
            headers: None,
            initial_data: props.initial_data.clone(),
            subscription: None,
            refresh_count: props.refresh_count,
            reset_count: props.reset_count,
            pending: Pending { reset: props.reset_at_start, refresh: false },
            requested: props.reset_at_start,
            observed: None,
        }
    }

    /// Applies the props.
    pub(super) fn apply(&mut self, props: &Props, near_viewport: bool) {
        let (config, base) = (&*props.config, props.base_url.as_deref());
        self.observe(props.host.as_ref().filter(|_| config.loading == Loading::Lazy));
        let refresh = self.refresh_count != props.refresh_count;
        let reset = self.reset_count != props.reset_count;
        (self.refresh_count, self.reset_count) = (props.refresh_count, props.reset_count);
        // A manual card is active from then on.
        self.requested |= refresh || reset || props.headers.is_some();
        if reset {
            // Before a manual card becomes active, whose first request it would otherwise abort.
            self.reset();
        }
        let is_started = config.loading != Loading::Manual || self.requested;
        let options = SubscriberOptions {
            interval: config.refresh_interval,
            timeout: config.request_timeout,
            active: is_started && (self.observed.is_none() || near_viewport),
            history: self.history(config, base),
        };
        if let Some(target) = self.changed_target(config, base) {
            self.subscribe(target, props.headers.as_ref(), options.clone());
        } else if let Some(subscription) = &self.subscription {
            if self.headers != props.headers {
                subscription.set_headers(props.headers.clone());
            }
            if self.options != options {
                subscription.set_options(options.clone());
            }
        }
        (self.options, self.headers) = (options, props.headers.clone());
        if self.initial_data != props.initial_data {
            self.initial_data.clone_from(&props.initial_data);
            if let (Some(subscription), Some(body)) = (&self.subscription, &self.initial_data) {
                subscription.load_from_page(body);
            }
        }
        if std::mem::take(&mut self.pending.refresh) || refresh {
            self.refresh();
        }
    }

    /// Asks for a fresh balance as soon as there is a subscription.
    pub(super) fn refresh(&mut self) {
        self.requested = true;
        match &self.subscription {
            Some(subscription) => subscription.refresh(),
            None => self.pending.refresh = true,
        }
    }

    /// Forgets the balance and asks for that of the user who is here now.
    pub(super) fn reset(&mut self) {
        self.requested = true;
        match &self.subscription {
            Some(subscription) => subscription.reset(),
            // A card without a URL has nothing to forget, and its next URL is that of another balance.
            None => self.pending.reset = self.subscribed.is_none(),
        }
    }

    /// Settles what waits for a request, where none may be made yet.
    pub(super) fn settle_unless_near(&self) {
        if let Some(subscription) = &self.subscription {
            subscription.settle_unless_near();
        }
    }

    /// What a changed address leads to, unless it is the same as before.
    fn changed_target(&mut self, config: &Config, base: Option<&str>) -> Option<Subscribed> {
        let address = address(config);
        if self.address.as_ref() == Some(&address) {
            return None;
        }
        self.address = Some(address);
        let target = target(config, base).map_or(Subscribed::ToNothing, Subscribed::To);
        Some(target).filter(|target| self.subscribed.as_ref() != Some(target))
    }

    fn history(&mut self, config: &Config, base: Option<&str>) -> Option<HistoryUrl> {
        let address = config.history_address()?;
        let (of, url) = self.history.take().filter(|(of, _)| *of == address).unwrap_or_else(|| {
            let url = absolute(&address, base).into();
            (address, url)
        });
        self.history = Some((of, Rc::clone(&url)));
        Some(HistoryUrl { url, is_set: config.history_url.is_some() })
    }

    fn subscribe(&mut self, target: Subscribed, headers: Option<&Headers>, options: SubscriberOptions) {
        self.subscription = None;
        // Preloaded data never answers for another address than its own.
        let preloaded = self.preloaded.take().filter(|(of, _)| Some(of) == self.address.as_ref());
        let preloaded = preloaded.map(|(_, preloaded)| preloaded).unwrap_or_default();
        match &target {
            Subscribed::To(target) => {
                if self.subscribed.is_some() {
                    // No warning about another balance holds for this one.
                    self.on_poll.emit(Rc::default());
                }
                let reset = self.pending.reset;
                let known = known(target, headers).filter(|_| !reset);
                self.on_poll.emit(Rc::new(known.unwrap_or_default()));
                let on_poll = self.on_poll.clone();
                let start = Start { options, preloaded, reset };
                let listener = move |state| on_poll.emit(state);
                self.subscription = Some(Subscription::new(target, headers, start, listener));
            }
            Subscribed::ToNothing => self.on_poll.emit(Rc::new(without_url())),
        }
        self.pending.reset = false;
        self.subscribed = Some(target);
    }

    /// Only lazy cards are observed. Where that is impossible they are as eager as the others.
    fn observe(&mut self, element: Option<&Element>) {
        if self.observed.as_ref().map(|(element, _)| element) != element {
            self.observed = element.and_then(|element| {
                let on_near_viewport = self.on_near_viewport.clone();
                let observer = ViewportObserver::new(element, move |near| on_near_viewport.emit(near))?;
                Some((element.clone(), observer))
            });
        }
    }
}

/// What the page knows already of the balance that a card asks for.
pub(crate) fn known_state(
    config: &Config,
    base: Option<&str>,
    headers: Option<&Headers>,
) -> Option<PollState> {
    known(&target(config, base)?, headers)
}

fn address(config: &Config) -> Address {
    (config.proxy_url.as_ref().ok().cloned(), config.credentials)
}

fn target(config: &Config, base: Option<&str>) -> Option<Target> {
    let url = config.proxy_url.as_ref().ok()?;
    Some(Target::new(url, base, config.credentials))
}

/// The state of a card that has no URL to request.
fn without_url() -> PollState {
    PollState {
        state: State::Failed(ErrorCode::Config.into()),
        failure: unique_number(),
        // Whoever waits for a request of the URL that was there before need not wait any longer.
        settled: unique_number(),
        failed_at: time_of_day(),
        ..PollState::default()
    }
}
