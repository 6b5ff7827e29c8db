//! The door for JavaScript: mount, update, refresh, destroy.
//!
//! The class in `www/` knocks on it. It owns the element and its shadow root; what is drawn
//! inside, and when the page is told of it, is decided on this side.

use crate::app::{BalanceCard, Props};
use crate::balance::News;
use crate::browser::{Headers, Started, clock, poller, warn};
use crate::model::config::InvalidAttribute;
use crate::model::snapshot::Reporter;
use crate::model::{Config, Level, Messages, Plain, PollState, State};
use js_sys::Reflect;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event};
use yew::{AppHandle, Callback, Renderer};

#[wasm_bindgen]
extern "C" {
    /// Where the element stands: the words around it, and what the page has put into it.
    pub type Context;

    /// The nearest language tag, of the element or of the page.
    #[wasm_bindgen(method, getter)]
    fn lang(this: &Context) -> Option<String>;

    /// The language of `words`, where there are any.
    #[wasm_bindgen(method, getter)]
    fn language(this: &Context) -> Option<String>;

    /// The sentences in that language, by their keys.
    #[wasm_bindgen(method, getter)]
    fn messages(this: &Context) -> JsValue;

    /// The answer that the page has written into the element, for the card to begin with.
    #[wasm_bindgen(method, getter, js_name = initialData)]
    fn initial_data(this: &Context) -> Option<String>;

    /// How the element is told: `tell(name, detail)`, which returns false where a page has
    /// prevented what would come next.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "(name: string, detail: unknown) => boolean")]
    pub type Notify;

    #[wasm_bindgen(method, catch, js_name = call)]
    fn call(this: &Notify, this_arg: &JsValue, name: &str, detail: &JsValue) -> Result<JsValue, JsValue>;
}

/// One mounted card.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Card {
    host: Element,
    app: AppHandle<BalanceCard>,
    props: Props,
    complaints: Vec<InvalidAttribute>,
    page: Rc<Page>,
}

/// Draws the card of `host` into `root`, an empty element of its shadow root that nobody else
/// draws into, now or later: yew never lets go of a root.
#[wasm_bindgen]
#[must_use]
pub fn mount(
    host: Element,
    root: Element,
    context: &Context,
    started: Option<Started>,
    notify: Notify,
) -> Card {
    panic_if_asked(&host, "mount");
    let (config, complaints) = read(&host, &[]);
    let page = Rc::new(Page {
        notify,
        reporter: RefCell::default(),
        known: RefCell::default(),
        settled: Cell::new(0),
        busy: Cell::new(false),
    });
    let props = Props {
        config: Rc::new(config),
        messages: messages(&host, context),
        language: context.language().map(Into::into),
        headers: Headers::new(property(&host, "headers")),
        lang: context.lang().map(Into::into),
        host: Some(host.clone()),
        started,
        given: context.initial_data().map(Rc::from),
        nudge: 0,
        on_feed: {
            let (page, host) = (page.clone(), host.clone());
            Callback::from(move |(feed, level)| {
                panic_if_asked(&host, "report");
                page.report(&feed, level);
            })
        },
        on_speech: Some({
            let page = page.clone();
            Callback::from(move |words: String| {
                page.tell("announcement", &words.into());
            })
        }),
        on_top_up: {
            let page = page.clone();
            Callback::from(move |(click, url): (Event, _)| page.top_up(&click, url))
        },
    };
    let app = Renderer::<BalanceCard>::with_root_and_props(root, props.clone()).render();
    Card { host, app, props, complaints, page }
}

#[wasm_bindgen]
impl Card {
    /// Reads the attributes and properties again.
    pub fn update(&mut self, context: &Context) {
        panic_if_asked(&self.host, "update");
        let (config, complaints) = read(&self.host, &self.complaints);
        self.complaints = complaints;
        self.props.lang = context.lang().map(Into::into);
        self.props.language = context.language().map(Into::into);
        self.props.config = Rc::new(config);
        self.props.messages = messages(&self.host, context);
        self.props.headers = Headers::new(property(&self.host, "headers"));
        self.app.update(self.props.clone());
    }

    /// Asks for a fresh balance; `settled` is told when there is one, or none to be had.
    pub fn refresh(&mut self) {
        if self.props.config.proxy_url.is_err() {
            self.page.tell("settled", &JsValue::UNDEFINED);
        }
        self.app.send_message(News::Wanted);
    }

    /// Takes the card off the page, and stops everything that it started.
    pub fn destroy(self) {
        self.app.destroy();
    }
}

/// Stops everything that runs by itself, for the class that has seen this instance panic.
#[wasm_bindgen(js_name = stopAll)]
pub fn stop_all() {
    poller::abandon();
    clock::abandon();
}

/// Warns of what it could not read, unless it has done so before.
fn read(host: &Element, known: &[InvalidAttribute]) -> (Config, Vec<InvalidAttribute>) {
    let (config, complaints) = Config::read(|name| host.get_attribute(name));
    for complaint in complaints.iter().filter(|one| !known.contains(one)) {
        let InvalidAttribute { attribute, expected } = complaint;
        warn(&["<airalo-balance>: ", attribute, " should be ", expected, "; using the default."].concat());
    }
    (config, complaints)
}

/// Properties of the host that hold more than an attribute can.
fn property(host: &Element, name: &str) -> JsValue {
    Reflect::get(host, &name.into()).unwrap_or_default()
}

/// The page's own sentences go before those of the language.
fn messages(host: &Element, context: &Context) -> Rc<Messages> {
    let sources = [property(host, "messages"), context.messages()];
    let of = |source: &JsValue, key: &str| Reflect::get(source, &key.into()).ok()?.as_string();
    let objects: Vec<_> = sources.iter().filter(|source| source.is_object()).collect();
    if objects.is_empty() {
        return Rc::default();
    }
    Rc::new(Messages::read(|key| objects.iter().find_map(|source| of(source, key))))
}

/// What the page that holds the card is told.
#[derive(Debug)]
struct Page {
    notify: Notify,
    reporter: RefCell<Reporter>,
    known: RefCell<(Rc<PollState>, Level)>,
    settled: Cell<u32>,
    busy: Cell<bool>,
}

impl Page {
    /// False only where the page has prevented what would come next.
    /// A listener that throws is the page's own affair.
    fn tell(&self, name: &str, detail: &JsValue) -> bool {
        let answer = self.notify.call(&JsValue::UNDEFINED, name, detail);
        answer.ok().and_then(|answer| answer.as_bool()).unwrap_or(true)
    }

    fn report(&self, feed: &Rc<PollState>, level: Level) {
        let known = self.known.replace((feed.clone(), level));
        if known.0.state != feed.state || known.1 != level || feed.state == State::Loading {
            self.tell("snapshot", &plain(&Plain::snapshot(&feed.state, level)));
        }
        // A state of the host and not of the markup: a refresh that brings nothing new leaves the
        // card as it is.
        if self.busy.replace(feed.busy) != feed.busy {
            self.tell("busy", &feed.busy.into());
        }
        let notices = self.reporter.borrow_mut().notices(feed, level);
        for (name, detail) in notices {
            self.tell(name, &plain(&detail));
        }
        if self.settled.replace(feed.settled) != feed.settled && feed.settled != 0 {
            self.tell("settled", &JsValue::UNDEFINED);
        }
    }

    /// The click on the link is the default action; a page that prevents the event prevents it.
    fn top_up(&self, click: &Event, url: Option<String>) {
        let balances = Plain::balances(self.known.borrow().0.state.balances());
        let url = url.map_or(Plain::Nothing, |url| Plain::Text(url.into()));
        let detail = Plain::Object(vec![("url", url), ("balances", balances)]);
        if !self.tell("top-up", &plain(&detail)) {
            click.prevent_default();
        }
    }
}

fn plain(value: &Plain) -> JsValue {
    value.serialize(&Serializer::json_compatible()).unwrap_or_default()
}

/// Panics where a test has asked for it, in the build that is made for that test.
fn panic_if_asked(host: &Element, place: &str) {
    if cfg!(feature = "test-panic") && host.get_attribute("data-panic").as_deref() == Some(place) {
        panic!("asked to panic in {place}");
    }
}
