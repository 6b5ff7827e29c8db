//! [`App`], the component that owns the state of a card.
//!
//! [`BalanceCard`](crate::BalanceCard) and the element both render it into a shadow root.

mod connection;
#[cfg(feature = "element")]
mod history_page;
mod props;
mod root;

pub(crate) use connection::known_state;
#[cfg(feature = "element")]
pub(crate) use history_page::{HistoryPage, HistoryPageProps};
pub use props::Props;
pub(crate) use root::render;

use crate::browser::clock::{Timer, call_at, elapsed};
use crate::browser::intl::Intl;
use crate::browser::{clicks, clipboard, popovers, unique_number};
use crate::components::{Action, Card, FOCUS_FALLBACK, SUPPORT};
use crate::model::history_view::{HistoryDetails, HistoryView};
use crate::model::schedule::Millis;
use crate::model::text::Text;
use crate::model::view_model::{Input, ViewModel};
use crate::model::{Announcer, HistoryResponse, Level, Levels, PollState, State, age};
use connection::Connection;
use gloo_events::EventListener;
use std::fmt;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// How long the copy button says that it has copied.
const COPIED_FOR: Millis = 3_000;

/// What the page receives: the state of the poller, and the level of the balance.
type Update = (Rc<PollState>, Level);

/// What changes a card.
#[derive(Debug)]
pub enum Message {
    /// The card is on the page and may connect to its poller.
    Connect,
    /// The poller has published a new state.
    Polled(Rc<PollState>),
    /// The card came near the viewport, or left it.
    NearViewport(bool),
    /// The text of the age or of the countdown is due to change.
    Tick,
    /// The page asks for a fresh balance.
    Refresh,
    /// The reader asks for one, with a button.
    RefreshPressed,
    /// Another user is here, whose balance may be another one.
    Reset,
    /// The details for support were copied.
    Copied,
    /// The copy button has said so for long enough.
    CopiedExpired,
    /// Somebody wants to see the history day by day.
    ShowHistory,
}

/// What the history tells, and the history that it was made of.
#[derive(Default)]
struct ShownHistory {
    source: Option<Rc<HistoryResponse>>,
    view: HistoryView,
}

/// Everything inside the shadow root of a card.
pub struct App {
    connection: Connection,
    poll: Rc<PollState>,
    /// The levels, once there is a balance. They depend on those before (hysteresis).
    levels: Option<Levels>,
    near_viewport: bool,
    copied: bool,
    intl: Intl,
    history: ShownHistory,
    /// Whether its details are made as well: they are long, and few want to see them.
    history_shown: bool,
    view: Rc<ViewModel>,
    announcer: Announcer,
    /// The text of the live region.
    announcement: AttrValue,
    /// The updates that the page has not received yet, oldest first. All are kept, because each
    /// failure is an event, even if the next state arrives before the card is rendered.
    pending_updates: Vec<Update>,
    /// The update that was queued last.
    last_update: Update,
    /// The announcement that the page was told last.
    announced: AttrValue,
    /// Whether a change is waiting to be rendered.
    render_pending: bool,
    /// Unique in the document: the id of the popover.
    id: AttrValue,
    root: NodeRef,
    /// What had the focus before the change that is waiting to be rendered.
    focused: Option<Element>,
    clicks: Option<EventListener>,
    /// When the next [`Message::Tick`] is due, and its timer.
    tick: Option<(Millis, Rc<Timer>)>,
    /// Delays [`Message::Connect`].
    connect_timer: Option<Rc<Timer>>,
    /// Delays [`Message::CopiedExpired`].
    copied_timer: Option<Rc<Timer>>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

impl Component for App {
    type Message = Message;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let (props, link) = (ctx.props(), ctx.link());
        let known = known_state(&props.config, props.base_url.as_deref(), props.headers.as_ref());
        let known = known.filter(|_| !props.reset_at_start);
        let mut card = Self {
            connection: Connection::new(
                props,
                link.callback(Message::Polled),
                link.callback(Message::NearViewport),
            ),
            poll: Rc::new(known.unwrap_or_default()),
            levels: None,
            near_viewport: false,
            copied: false,
            history: ShownHistory::default(),
            history_shown: false,
            intl: Intl::new(props.locale()),
            view: Rc::default(),
            announcer: Announcer::default(),
            announcement: AttrValue::default(),
            pending_updates: Vec::new(),
            last_update: Update::default(),
            announced: AttrValue::default(),
            render_pending: true,
            id: format!("airalo-balance-{}", unique_number()).into(),
            root: NodeRef::default(),
            focused: None,
            clicks: None,
            tick: None,
            connect_timer: None,
            copied_timer: None,
        };
        card.update_level(props);
        card.update_history(props);
        card.last_update = (card.poll.clone(), card.level());
        card.pending_updates.push(card.last_update.clone());
        card.update_view(ctx);
        card
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Connect => self.connection.apply(ctx.props(), self.near_viewport),
            Message::Polled(poll) => {
                self.poll = poll;
                self.update_level(ctx.props());
                if self.history.source.as_ref() != self.poll.history() {
                    self.update_history(ctx.props());
                }
                self.queue_update();
            }
            Message::NearViewport(near) => {
                self.near_viewport = near;
                self.connection.apply(ctx.props(), near);
            }
            Message::Tick => self.tick = None,
            Message::Refresh => self.refresh(ctx),
            Message::RefreshPressed => {
                self.announcer.ask(self.poll.settled);
                self.refresh(ctx);
            }
            Message::Reset => {
                self.connection.reset();
                // A manual card is active from now on.
                self.connection.apply(ctx.props(), self.near_viewport);
                self.connection.settle_unless_near();
            }
            Message::Copied => {
                self.copied = true;
                self.announcer.announce(Text::Copied);
                self.copied_timer = Some(send_at(ctx, elapsed() + COPIED_FOR, || Message::CopiedExpired));
            }
            Message::CopiedExpired => {
                self.copied = false;
                self.announcer.withdraw(Text::Copied);
            }
            Message::ShowHistory => {
                self.history_shown = true;
                self.update_history(ctx.props());
            }
        }
        self.render_pending |= self.update_view(ctx);
        self.remember_focus();
        if !self.render_pending {
            // While a render is pending, `rendered` reports once the change is on the card.
            self.report(ctx.props());
        }
        self.render_pending
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        let props = ctx.props();
        if props.locale() != old.locale() {
            self.intl = Intl::new(props.locale());
        }
        if props.on_top_up != old.on_top_up {
            // `rendered` listens anew.
            self.clicks = None;
        }
        self.update_level(props);
        self.update_history(props);
        self.queue_update();
        self.update_view(ctx);
        self.connection.apply(props, self.near_viewport);
        self.render_pending = true;
        self.remember_focus();
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { config, language, on_announcement, .. } = ctx.props();
        let announcement = on_announcement.is_none().then(|| self.announcement.clone());
        html! {
            <Card
                view={self.view.clone()}
                language={language.clone().unwrap_or(AttrValue::Static("en"))}
                can_request={config.proxy_url.is_ok()}
                refresh_button={config.refresh_button}
                top_up_url={config.top_up_url.clone()}
                id={self.id.clone()}
                {announcement}
                root={self.root.clone()}
            />
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        if let Some(root) = self.root.cast::<Element>() {
            popovers::close_empty(&root);
            if let Some(before) = self.focused.take() {
                popovers::keep_focus(&root, &before, FOCUS_FALLBACK);
            }
            self.clicks.get_or_insert_with(|| listen_for_clicks(ctx, &root));
        }
        if first_render {
            // Rendering takes one task and connecting another, so that neither keeps the page waiting.
            self.connect_timer = Some(send_at(ctx, elapsed(), || Message::Connect));
        }
        self.render_pending = false;
        self.report(ctx.props());
    }
}

impl App {
    /// Browsers take the focus from what is hidden, some of them while the card is being rendered.
    fn remember_focus(&mut self) {
        if self.render_pending {
            self.focused = self.root.cast::<Element>().and_then(|root| popovers::focused(&root));
        }
    }

    fn refresh(&mut self, ctx: &Context<Self>) {
        self.connection.refresh();
        // A manual card is active from now on.
        self.connection.apply(ctx.props(), self.near_viewport);
    }

    fn level(&self) -> Level {
        self.levels.unwrap_or_default().worst()
    }

    /// The level is that of the balance on the card, also of one that is out of date.
    fn update_level(&mut self, props: &Props) {
        let before = self.levels.unwrap_or_default();
        let after = |balances| before.after(balances, self.poll.days_left(), &props.config);
        self.levels = self.poll.state.reading().map(|reading| after(&reading.balances));
    }

    /// Makes the texts of the history again.
    fn update_history(&mut self, props: &Props) {
        let source = self.poll.history().cloned();
        let view = source.as_ref().map(|history| HistoryView {
            details: self
                .history_shown
                .then(|| Rc::new(HistoryDetails::new(history, &props.messages, &self.intl))),
            ..HistoryView::new(history, &props.messages, &self.intl)
        });
        self.history = ShownHistory { source, view: view.unwrap_or_default() };
    }

    /// Works out what the card shows and announces now, and returns whether that has changed.
    fn update_view(&mut self, ctx: &Context<Self>) -> bool {
        let Props { config, messages, .. } = ctx.props();
        let now = elapsed();
        let level = self.level();
        let (copied, history) = (self.copied, &self.history.view);
        let input = Input { poll: &self.poll, level, config, messages, now, copied, history };
        let view = ViewModel::new(input, &self.intl);
        let is_loading = self.poll.state == State::Loading;
        let texts = self.announcer.update(is_loading, view.concerns, self.poll.settled).iter();
        let texts: Vec<_> = texts.map(|text| messages.get(*text)).collect();
        let announcement = AttrValue::from(texts.join(". "));
        self.schedule_tick(ctx, now);
        let changed = *self.view != view || self.announcement != announcement;
        if changed {
            self.view = Rc::new(view);
            self.announcement = announcement;
        }
        changed
    }

    /// The age and the countdown change their texts without any event.
    fn schedule_tick(&mut self, ctx: &Context<Self>, now: Millis) {
        let age = self.poll.state.reading().and_then(|reading| reading.age(now));
        let age = age.map(|age| now + age::until_next(age));
        let countdown = self.poll.retry_at().and_then(|at| age::next_countdown(at, now));
        let due = [age, countdown].into_iter().flatten().min();
        if self.tick.as_ref().map(|(at, _)| *at) != due {
            self.tick = due.map(|at| (at, send_at(ctx, at, || Message::Tick)));
        }
    }

    /// Queues the current state for the page, if it is a new one.
    fn queue_update(&mut self) {
        let update = (self.poll.clone(), self.level());
        if self.last_update != update {
            self.last_update = update.clone();
            self.pending_updates.push(update);
        }
    }

    /// Tells the page what has changed since the last time.
    fn report(&mut self, props: &Props) {
        for update in self.pending_updates.drain(..) {
            props.on_update.emit(update);
        }
        if let Some(on_announcement) = &props.on_announcement
            && self.announced != self.announcement
        {
            self.announced = self.announcement.clone();
            on_announcement.emit(self.announced.to_string());
        }
    }
}

fn send_at(ctx: &Context<App>, due: Millis, message: impl Fn() -> Message + 'static) -> Rc<Timer> {
    let link = ctx.link().clone();
    call_at(due, move || link.send_message(message()))
}

fn listen_for_clicks(ctx: &Context<App>, root: &Element) -> EventListener {
    let (link, on_top_up, card) = (ctx.link().clone(), ctx.props().on_top_up.clone(), root.clone());
    clicks::listen(root, Action::ATTRIBUTE, move |name, pressed, click| match Action::from_name(name) {
        Some(Action::Refresh) => link.send_message(Message::RefreshPressed),
        // Not by a message: the default action can only be prevented while the event is dispatched.
        Some(Action::TopUp) => on_top_up.emit((click.clone(), pressed.get_attribute("href"))),
        Some(Action::Copy) => {
            let link = link.clone();
            clipboard::copy_from(&card, SUPPORT, move || link.send_message(Message::Copied));
        }
        Some(Action::History) => link.send_message(Message::ShowHistory),
        None => {}
    })
}
