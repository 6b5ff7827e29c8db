//! The one component.

use crate::balance::{Balance, News};
use crate::browser::clock::{Alarm, elapsed, ring_at};
use crate::browser::intl::Intl;
use crate::browser::{Headers, Started, clicks, clipboard, poller};
use crate::drawing::Drawing;
use crate::model::schedule::Millis;
use crate::model::text::Text;
use crate::model::wording::{Scene, Slot, Wording};
use crate::model::{Amount, Announcer, Config, Level, Messages, PollState, State};
use crate::view::{ACTION, COPY, Look, REFRESH, Speaker, TOP_UP};
use gloo_events::EventListener;
use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;
use web_sys::{Element, Event};
use yew::prelude::*;

type OnTopUp = Callback<(Event, Option<String>)>;

/// The properties of a [`BalanceCard`]. Only `config` is required.
#[derive(Clone, Debug, Properties)]
pub struct Props {
    /// The settings of the card.
    pub config: Rc<Config>,
    /// The page's own sentences.
    #[prop_or_default]
    pub messages: Rc<Messages>,
    /// The language of `messages`, where it is not English.
    #[prop_or_default]
    pub language: Option<AttrValue>,
    /// The page's own headers, asked for before every request.
    #[prop_or_default]
    pub headers: Option<Headers>,
    /// The language of the place where the card stands, where `config` names none.
    #[prop_or_default]
    pub lang: Option<AttrValue>,
    /// The element that holds the card: with `loading="lazy"`, its place on the page counts.
    #[prop_or_default]
    pub host: Option<Element>,
    /// A request for the balance that is already under way; only the first render looks at it.
    #[prop_or_default]
    pub started: Option<Started>,
    /// An answer that the page brought along; only the first render looks at it.
    #[prop_or_default]
    pub given: Option<Rc<str>>,
    /// Another number asks for a fresh balance.
    #[prop_or_default]
    pub nudge: u32,
    /// Hears of everything that changes.
    #[prop_or_default]
    pub on_feed: Callback<(Rc<PollState>, Level)>,
    /// Hears of a click on the top-up link with the URL of it, and may prevent what it would do.
    #[prop_or_default]
    pub on_top_up: OnTopUp,
    /// Hears what has to be said aloud, for a status region that outlives the card. Without it the
    /// card brings along one of its own.
    #[prop_or_default]
    pub on_speech: Option<Callback<String>>,
}

/// How long the copy button says that it has copied.
const COPIED_FOR: Millis = 3_000;

/// A card that shows how much credit is left.
///
/// A component with one kind of message, and not a function with hooks: every hook brings a copy
/// of yew's own code for its types, which made a twentieth of the download.
pub struct BalanceCard {
    balance: Balance,
    /// The formatters, with the tag that they were made for.
    intl: (Option<String>, Intl),
    drawing: Drawing,
    reported: Option<(Rc<PollState>, Level)>,
    clicks: Option<(OnTopUp, EventListener)>,
    words: Wording,
    /// The name of the state, and the level.
    mood: (&'static str, Level),
    voice: Announcer,
    /// What is in the status region, and what the page has been told of that.
    spoken: Cow<'static, str>,
    told: Cow<'static, str>,
    /// Rings right after the first render.
    begin: Option<Rc<Alarm>>,
    /// Until then the copy button says that it has copied.
    copied: Option<Rc<Alarm>>,
    id: String,
}

impl fmt::Debug for BalanceCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BalanceCard").finish_non_exhaustive()
    }
}

impl Component for BalanceCard {
    type Message = News;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let (props, link) = (ctx.props(), ctx.link().clone());
        let balance = Balance::new(props, Rc::new(move |news| link.send_message(news)));
        let tag = tag(props);
        let intl = Intl::new(tag.as_deref());
        let mut card = Self {
            balance,
            intl: (tag, intl),
            drawing: Drawing::new(),
            reported: None,
            clicks: None,
            words: Wording::default(),
            mood: Default::default(),
            voice: Announcer::default(),
            spoken: Cow::default(),
            told: Cow::default(),
            begin: None,
            copied: None,
            id: ["airalo-balance-", &Amount::whole(poller::next_number().into()).to_decimal()].concat(),
        };
        card.compose(props);
        card.draw(props);
        card.listen(ctx);
        // To draw for the first time is enough for one task, and to ask is one of its own.
        let link = ctx.link().clone();
        card.begin = Some(ring_at(elapsed(), move || link.send_message(News::Older)));
        card
    }

    fn update(&mut self, ctx: &Context<Self>, news: News) -> bool {
        let props = ctx.props();
        let heard = match news {
            News::Copied => {
                let link = ctx.link().clone();
                self.copied =
                    Some(ring_at(elapsed() + COPIED_FOR, move || link.send_message(News::CopiedLongAgo)));
                self.voice.tell(Text::Copied);
                true
            }
            News::CopiedLongAgo => self.copied.take().is_some(),
            news => self.balance.hear(news),
        };
        if heard && self.compose(props) {
            self.draw(props);
        }
        self.settle(props);
        false
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &Props) -> bool {
        let props = ctx.props();
        let tag = tag(props);
        if self.intl.0 != tag {
            let intl = Intl::new(tag.as_deref());
            self.intl = (tag, intl);
        }
        self.compose(props);
        self.draw(props);
        self.listen(ctx);
        self.settle(props);
        false
    }

    /// The same node each time: what changes on it, `draw` has written there already.
    fn view(&self, _: &Context<Self>) -> Html {
        Html::VRef(self.drawing.root().into())
    }
}

impl BalanceCard {
    /// Tells the page of what is known by now, once, and does what follows from it.
    fn settle(&mut self, props: &Props) {
        let now = (self.balance.feed.clone(), self.balance.level());
        if self.reported.as_ref() != Some(&now) {
            self.reported = Some(now.clone());
            props.on_feed.emit(now);
        }
        if let Some(on_speech) = props.on_speech.as_ref().filter(|_| self.told != self.spoken) {
            self.told = self.spoken.clone();
            on_speech.emit(self.told.to_string());
        }
        self.balance.follow(props);
    }

    /// Works out what the card says from now on, to the eye and to the ear; whether that is news.
    fn compose(&mut self, props: &Props) -> bool {
        let (config, messages) = (&*props.config, &*props.messages);
        self.balance.reckon(config);
        let Balance { feed, now, .. } = &self.balance;
        let scene = Scene { feed, level: self.balance.level(), config, messages, now: *now };
        let mut words = Wording::of(scene, &self.intl.1);
        if self.copied.is_some() {
            words.set(Slot::Copy, messages.say(Text::Copied));
        }
        let said = self.voice.say(feed.state == State::Loading, words.concern);
        let spoken = said.map(|text| messages.say(text)).unwrap_or_default();
        let mood = (feed.state.name(), self.balance.level());
        let news = (&self.words, &self.spoken, self.mood) != (&words, &spoken, mood);
        (self.words, self.spoken, self.mood) = (words, spoken, mood);
        news
    }

    /// Writes it onto the card.
    fn draw(&mut self, props: &Props) {
        let config = &*props.config;
        let look = Look {
            state: self.mood.0,
            language: props.language.as_deref().unwrap_or("en"),
            level: self.mood.1.as_str(),
            can_ask: config.proxy_url.is_ok(),
            refresh_button: config.refresh_button,
            top_up_url: config.top_up_url.as_deref(),
            id: &self.id,
            region: props.on_speech.is_none(),
            spoken: &self.spoken,
        };
        self.drawing.write(&Speaker { words: &self.words, look });
    }

    /// Listens for clicks, and anew when somebody else is to hear of them.
    fn listen(&mut self, ctx: &Context<Self>) {
        let on_top_up = &ctx.props().on_top_up;
        if self.clicks.as_ref().is_some_and(|(heard_by, _)| heard_by == on_top_up) {
            return;
        }
        let (heard_by, link) = (on_top_up.clone(), ctx.link().clone());
        let on_top_up = heard_by.clone();
        let listener =
            clicks::listen(&self.drawing.root(), ACTION, move |action, pressed, click| match action {
                REFRESH => link.send_message(News::Wanted),
                TOP_UP => on_top_up.emit((click.clone(), pressed.get_attribute("href"))),
                COPY => {
                    let link = link.clone();
                    // The text stands right before its button.
                    if let Some(text) = pressed.previous_element_sibling() {
                        clipboard::copy(text, move || link.send_message(News::Copied));
                    }
                }
                _ => {}
            });
        self.clicks = Some((heard_by, listener));
    }
}

/// The wish of the page, or else the language of the place where the card stands.
fn tag(props: &Props) -> Option<String> {
    props.config.locale.clone().or_else(|| props.lang.as_deref().map(str::to_owned))
}

impl PartialEq for Props {
    /// Settings and sentences are the same if they are the same object: a page changes them seldom,
    /// and to draw once too often is cheaper than to compare them. What only the first render looks
    /// at is never compared.
    fn eq(&self, other: &Self) -> bool {
        // Every field is named, so that none is forgotten.
        let Self {
            config,
            messages,
            language,
            headers,
            lang,
            host,
            started: _,
            given: _,
            nudge,
            on_feed,
            on_top_up,
            on_speech,
        } = self;
        Rc::ptr_eq(config, &other.config)
            && Rc::ptr_eq(messages, &other.messages)
            && (language, headers, lang) == (&other.language, &other.headers, &other.lang)
            && (host, nudge) == (&other.host, &other.nudge)
            && (on_feed, on_top_up, on_speech) == (&other.on_feed, &other.on_top_up, &other.on_speech)
    }
}
