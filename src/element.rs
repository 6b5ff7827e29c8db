//! What JavaScript calls: mount, update, refresh, destroy.
//!
//! The class in `www/element/` calls it. The class owns the element and its shadow root; this side
//! decides what is rendered inside and when the page is notified.

mod history;
mod notifier;

use crate::app::{App, Message, Props, known_state, render};
use crate::browser::{Headers, StartedRequest, clock, poller, warn};
use crate::model::config::InvalidAttribute;
use crate::model::events::Snapshot;
use crate::model::{Config, Level, Messages, Text};
pub use history::{HistoryOptions, MountedHistory, mount_history};
use js_sys::{Object, Reflect};
pub use notifier::Notify;
use notifier::{Notifier, to_js};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event};
use yew::{AppHandle, Callback};

#[wasm_bindgen]
extern "C" {
    /// What surrounds the element: its language, and what the page has put into it.
    pub type Context;

    /// The locale of numbers and times: one with the sentences.
    #[wasm_bindgen(method, getter)]
    fn lang(this: &Context) -> Option<String>;

    /// The language of the sentences, if it is not English.
    #[wasm_bindgen(method, getter)]
    fn language(this: &Context) -> Option<String>;

    /// The sentences in that language, by their keys.
    #[wasm_bindgen(method, getter)]
    fn messages(this: &Context) -> JsValue;

    /// Whether the attribute `locale` has no effect: its tag is invalid, or in no language of the card.
    #[wasm_bindgen(method, getter, js_name = ignoresLocale)]
    fn ignores_locale(this: &Context) -> Option<bool>;

    /// The URL of the page when the element got its `proxy-url`.
    #[wasm_bindgen(method, getter, js_name = baseUrl)]
    fn base_url(this: &Context) -> Option<String>;

    /// The body of a response that the page has put into the element.
    #[wasm_bindgen(method, getter, js_name = initialData)]
    fn initial_data(this: &Context) -> Option<String>;

    /// Whether the page has called `reset()` before there was a card. Only [`mount`] reads it.
    #[wasm_bindgen(method, getter, js_name = isReset)]
    fn is_reset(this: &Context) -> Option<bool>;
}

/// One mounted card.
#[wasm_bindgen]
#[derive(Debug)]
pub struct MountedCard {
    host: Element,
    app: AppHandle<App>,
    props: Props,
    /// The attributes that were warned about.
    invalid: Vec<InvalidAttribute>,
    notifier: Rc<Notifier>,
}

/// The snapshot that a card of this host starts with, where the page knows its balance already.
#[wasm_bindgen(js_name = knownSnapshot)]
#[must_use]
pub fn known_snapshot(host: &Element) -> JsValue {
    let (config, _) = Config::read(|name| host.get_attribute(name));
    let headers = Headers::new(property(host, "headers"));
    let known = known_state(&config, None, headers.as_ref());
    known.map_or(JsValue::UNDEFINED, |poll| to_js(&Snapshot::new(&poll, Level::default())))
}

/// Renders the card of `host` into `root`, a new empty element in its shadow root. yew keeps a root
/// for ever, so every mount needs a new one.
#[wasm_bindgen]
#[must_use]
pub fn mount(
    host: Element,
    root: &Element,
    context: &Context,
    first_request: Option<StartedRequest>,
    notify: Notify,
) -> MountedCard {
    panic_if_asked(&host, "mount");
    let (config, invalid) = read_config(&host, context, &[]);
    let notifier = Rc::new(Notifier::new(notify));
    let props = Props {
        config: Rc::new(config),
        messages: read_messages(&[property(&host, "messages"), context.messages()]),
        language: context.language().map(Into::into),
        headers: Headers::new(property(&host, "headers")),
        lang: context.lang().map(Into::into),
        base_url: context.base_url().map(Into::into),
        host: Some(host.clone()),
        first_request,
        initial_data: context.initial_data().map(Rc::from),
        reset_at_start: context.is_reset() == Some(true),
        refresh_count: 0,
        reset_count: 0,
        on_update: {
            let (notifier, host) = (notifier.clone(), host.clone());
            Callback::from(move |(poll, level)| {
                panic_if_asked(&host, "report");
                notifier.update(&poll, level);
            })
        },
        on_announcement: Some({
            let notifier = notifier.clone();
            Callback::from(move |text: String| notifier.announce(&text))
        }),
        on_top_up: {
            let notifier = notifier.clone();
            Callback::from(move |(click, url): (Event, _)| notifier.top_up(&click, url))
        },
    };
    let app = render(root, props.clone());
    MountedCard { host, app, props, invalid, notifier }
}

#[wasm_bindgen]
impl MountedCard {
    /// Reads the attributes and properties again.
    pub fn update(&mut self, context: &Context) {
        panic_if_asked(&self.host, "update");
        let (config, invalid) = read_config(&self.host, context, &self.invalid);
        self.invalid = invalid;
        self.props.lang = context.lang().map(Into::into);
        self.props.language = context.language().map(Into::into);
        self.props.config = Rc::new(config);
        self.props.base_url = context.base_url().map(Into::into);
        self.props.messages = read_messages(&[property(&self.host, "messages"), context.messages()]);
        self.props.headers = Headers::new(property(&self.host, "headers"));
        self.props.initial_data = context.initial_data().map(Rc::from);
        self.app.update(self.props.clone());
    }

    /// Asks for a fresh balance. The notification `settled` follows when the request has settled.
    pub fn refresh(&mut self) {
        if self.props.config.proxy_url.is_err() {
            self.notifier.settled();
        }
        self.app.send_message(Message::Refresh);
    }

    /// Forgets the balance, which may be that of another user, and asks for a new one.
    pub fn reset(&mut self) {
        if self.props.config.proxy_url.is_err() {
            self.notifier.settled();
        }
        self.app.send_message(Message::Reset);
    }

    /// Takes the card off the page and stops everything that it started.
    pub fn destroy(self) {
        self.app.destroy();
    }
}

/// Stops every timer and every request, for the class that has caught a panic.
#[wasm_bindgen(js_name = stopAll)]
pub fn stop_all() {
    poller::stop_all();
    clock::stop_all();
}

/// Warns about invalid attributes, except those that were warned about before.
fn read_config(
    host: &Element,
    context: &Context,
    known: &[InvalidAttribute],
) -> (Config, Vec<InvalidAttribute>) {
    let (config, mut invalid) = Config::read(|name| host.get_attribute(name));
    if let Some(tag) = config.locale.as_ref().filter(|_| context.ignores_locale() == Some(true)) {
        let problem = format!(
            "locale=\"{tag}\" is no language that the card speaks; write one such as fr or pt-BR, or set messages too."
        );
        invalid.push(InvalidAttribute { attribute: "locale", problem });
    }
    invalid.extend(unknown_messages(&property(host, "messages")));
    for one in invalid.iter().filter(|one| !known.contains(one)) {
        warn(&format!("<airalo-balance>: {}", one.problem));
    }
    (config, invalid)
}

/// A property of the host, for values that do not fit into an attribute.
fn property(host: &Element, name: &str) -> JsValue {
    Reflect::get(host, &name.into()).unwrap_or_default()
}

/// The page's own sentences take precedence over those of the language.
fn read_messages(sources: &[JsValue]) -> Rc<Messages> {
    let message = |source: &JsValue, key: &str| Reflect::get(source, &key.into()).ok()?.as_string();
    let objects: Vec<_> = sources.iter().filter(|source| source.is_object()).collect();
    Rc::new(Messages::read(|key| objects.iter().find_map(|source| message(source, key))))
}

/// The keys of the page's own sentences that are none.
fn unknown_messages(messages: &JsValue) -> impl Iterator<Item = InvalidAttribute> {
    let keys = messages.dyn_ref::<Object>().map(Object::keys).unwrap_or_default();
    let keys = keys.into_iter().filter_map(|key| key.as_string());
    keys.filter(|key| Text::ALL.iter().all(|text| text.key() != key)).map(|key| {
        let problem = format!(
            "messages[\"{key}\"] is no text of the card and has no effect; the reference lists the keys."
        );
        InvalidAttribute { attribute: "messages", problem }
    })
}

/// Panics where a test asks for it, in the build for that test.
fn panic_if_asked(host: &Element, place: &str) {
    if cfg!(feature = "test-panic") && host.get_attribute("data-panic").as_deref() == Some(place) {
        panic!("asked to panic in {place}");
    }
}
