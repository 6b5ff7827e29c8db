//! [`BalanceCard`], the card as a component for yew apps.
//!
//! It is to a yew app what the element is to a page: an element with a shadow root, so that neither
//! the styles of the app change the card nor those of the card the app. Inside is the same
//! [`App`] as in the element. On a server it renders that element alone.

mod language;
mod props;
mod top_up;

use crate::app::{App, Props, render};
use crate::browser::clock::{Timer, call_at, elapsed};
use crate::browser::intl::browser_language;
use crate::browser::shadow_root::ShadowRoot;
use crate::browser::warn;
use crate::components::STYLESHEET;
use crate::model::config::InvalidAttribute;
use crate::model::events::{Event, EventLog, Snapshot};
use crate::model::schedule::Millis;
use crate::model::{Config, Level, Messages, PollState, Words};
use language::Language;
pub use props::{BalanceCardProps, Theme, Variant};
use std::fmt;
use std::rc::Rc;
pub use top_up::TopUp;
use web_sys::Element;
use yew::AppHandle;
use yew::prelude::*;

/// The refresh icon turns from then on; a shorter request would make it flicker.
const BUSY_DELAY: Millis = 150;

/// What changes the element around a card.
#[derive(Debug)]
pub enum Message {
    /// The state of the card has changed.
    Updated(Rc<PollState>, Level),
    /// A request takes longer than a moment.
    Busy,
}

/// A card that shows how much credit is left.
///
/// ```
/// use airalo_balance::BalanceCard;
/// use yew::prelude::*;
///
/// #[component]
/// fn Panel() -> Html {
///     html! { <BalanceCard proxy_url="/api/balance" low_threshold="200" critical_threshold="50" /> }
/// }
/// ```
///
/// It renders an element `<airalo-balance-card>` with an open shadow root, which can be in the document
/// or in another shadow root. From outside it is styled as the custom element is: by the custom
/// properties `--airalo-balance-…`, by `::part(…)`, and by its states, which are names in its attribute
/// `state`, as in `airalo-balance-card[state~="low"]`.
pub struct BalanceCard {
    host: NodeRef,
    /// The card, and the shadow root that it is in. There is none before the first render.
    inside: Option<(AppHandle<App>, ShadowRoot)>,
    config: Rc<Config>,
    /// The first `reset_count`. Another one may come before the card inside is there.
    reset_count: u32,
    invalid: Vec<InvalidAttribute>,
    /// What was warned about.
    warned: Vec<InvalidAttribute>,
    /// The words, and the sentences that they hold.
    words: (Option<Words>, Messages),
    /// The sentences of the card: those of the app, else those of `words`.
    messages: Rc<Messages>,
    log: EventLog,
    snapshot: Snapshot,
    is_busy: bool,
    busy_timer: Option<Rc<Timer>>,
    /// The callback of the app.
    on_top_up: Callback<TopUp>,
    /// Those of the card inside, made once, because the card compares its props.
    on_update: Callback<(Rc<PollState>, Level)>,
    on_click: Callback<(web_sys::Event, Option<String>)>,
}

impl fmt::Debug for BalanceCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BalanceCard").finish_non_exhaustive()
    }
}

impl Component for BalanceCard {
    type Message = Message;
    type Properties = BalanceCardProps;

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link().clone();
        let mut card = Self {
            host: NodeRef::default(),
            inside: None,
            config: Rc::new(ctx.props().read().0),
            reset_count: ctx.props().reset_count,
            invalid: Vec::new(),
            warned: Vec::new(),
            words: (None, Messages::default()),
            messages: Rc::default(),
            log: EventLog::default(),
            snapshot: Snapshot::new(&PollState::default(), Level::default()),
            is_busy: false,
            busy_timer: None,
            on_top_up: Callback::noop(),
            on_update: link.callback(|(poll, level)| Message::Updated(poll, level)),
            on_click: Callback::from(move |(click, url)| {
                // Not by a message: the default action can only be prevented meanwhile.
                let top_up = link.get_component().map(|card| {
                    (card.on_top_up.clone(), TopUp::new(url, card.snapshot.balances.clone(), click))
                });
                if let Some((on_top_up, top_up)) = top_up {
                    on_top_up.emit(top_up);
                }
            }),
        };
        card.read(ctx.props());
        card
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        let before = self.states();
        match message {
            Message::Updated(poll, level) => {
                self.update_busy(ctx, poll.in_flight);
                self.report(ctx.props(), &poll, level);
            }
            Message::Busy => self.is_busy = true,
        }
        self.states() != before
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &BalanceCardProps) -> bool {
        self.read(ctx.props());
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        html! {
            <airalo-balance-card
                ref={self.host.clone()}
                id={&props.id}
                class={props.class.clone()}
                theme={props.theme.attribute()}
                variant={props.variant.attribute()}
                state={self.states()}
            >
                { props.children.clone() }
            </airalo-balance-card>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        let props = self.props(ctx.props());
        if let Some((app, _)) = &mut self.inside {
            app.update(props);
        } else if first_render {
            let root = props.host.as_ref().and_then(|host| ShadowRoot::attach(host, STYLESHEET));
            self.inside = root.map(|root| (render(root.stage(), props), root));
            if self.inside.is_none() {
                warn("<BalanceCard>: this browser cannot show the card.");
            }
        }
        for one in self.invalid.iter().filter(|one| !self.warned.contains(one)) {
            warn(&format!("<BalanceCard>: {}", one.problem));
        }
        self.warned.clone_from(&self.invalid);
    }

    fn destroy(&mut self, _: &Context<Self>) {
        if let Some((app, _root)) = self.inside.take() {
            app.destroy();
        }
    }
}

impl BalanceCard {
    /// What the props amount to.
    fn read(&mut self, props: &BalanceCardProps) {
        let (config, invalid) = props.read();
        (self.config, self.invalid) = (Rc::new(config), invalid);
        self.invalid.extend(self.language(props, None).problem());
        if self.words.0 != props.words {
            self.words = (props.words, props.words.map(Words::messages).unwrap_or_default());
        }
        self.messages = Rc::new(props.messages.or(self.words.1.clone()));
        self.on_top_up = props.on_top_up.clone();
    }

    fn language<'a>(&'a self, props: &BalanceCardProps, browser: Option<&'a str>) -> Language<'a> {
        let words = props.words.map(Words::language);
        Language::new(self.config.locale.as_deref(), words, !props.messages.is_empty(), browser)
    }

    /// The props of the card inside.
    fn props(&self, props: &BalanceCardProps) -> Props {
        let browser = browser_language();
        let language = self.language(props, browser.as_deref());
        Props {
            config: self.config.clone(),
            messages: self.messages.clone(),
            language: language.of_words.map(|tag| tag.to_owned().into()),
            headers: props.headers.clone(),
            lang: Some(language.of_numbers.to_owned().into()),
            base_url: None,
            host: self.host.cast::<Element>(),
            first_request: None,
            initial_data: props.initial_data.as_deref().map(Rc::from),
            reset_at_start: props.reset_count != self.reset_count,
            refresh_count: props.refresh_count,
            reset_count: props.reset_count,
            on_update: self.on_update.clone(),
            on_top_up: self.on_click.clone(),
            on_announcement: None,
        }
    }

    /// The names in the attribute `state`.
    fn states(&self) -> String {
        let Snapshot { state, level, stale, .. } = &self.snapshot;
        let level = level.filter(|level| *level != Level::Ok).map(Level::as_str);
        let states = [Some(*state), level, stale.then_some("stale"), self.is_busy.then_some("busy")];
        states.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn update_busy(&mut self, ctx: &Context<Self>, in_flight: bool) {
        if !in_flight {
            (self.is_busy, self.busy_timer) = (false, None);
        } else if self.busy_timer.is_none() {
            let link = ctx.link().clone();
            let timer = call_at(elapsed() + BUSY_DELAY, move || link.send_message(Message::Busy));
            self.busy_timer = Some(timer);
        }
    }

    /// Tells the app what has changed since the last time.
    fn report(&mut self, props: &BalanceCardProps, poll: &PollState, level: Level) {
        let snapshot = Snapshot::new(poll, level);
        if snapshot != self.snapshot {
            self.snapshot = snapshot.clone();
            props.on_snapshot.emit(snapshot);
        }
        for event in self.log.events(poll, level) {
            match event {
                Event::Ready(snapshot) => props.on_ready.emit(snapshot),
                Event::Change(change) => props.on_change.emit(change),
                Event::Level(level) => props.on_level.emit(level),
                Event::Error(error) => props.on_error.emit(error),
            }
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
