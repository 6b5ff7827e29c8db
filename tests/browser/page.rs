//! A page with one card, and a `fetch` that answers from a queue.

use airalo_balance::element::{Context, MountedCard, Notify, mount};
use airalo_balance::internal::StartedRequest;
use js_sys::{Function, Object, Promise, Reflect};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{
    AbortController, Document, Element, RequestInit, Response, ResponseInit, ShadowRootInit, ShadowRootMode,
};

pub(crate) fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// Waits until the condition holds, and fails after ten seconds.
pub(crate) async fn until(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if condition() {
            return;
        }
        gloo_timers::future::TimeoutFuture::new(5).await;
    }
    panic!("waited in vain until {what}");
}

pub(crate) fn balance(amount: &str, currency: &str) -> String {
    format!(
        r#"{{"data":{{"balances":{{"name":"balance","availableBalance":{{"amount":{amount},"currency":"{currency}"}}}}}},"meta":{{"message":"success"}}}}"#
    )
}

pub(crate) fn response(status: u16, body: &str, headers: &[(&str, &str)]) -> Response {
    let init = ResponseInit::new();
    init.set_status(status);
    let named = Object::new();
    for (name, value) in headers {
        Reflect::set(&named, &(*name).into(), &(*value).into()).unwrap();
    }
    init.set_headers(&named);
    Response::new_with_opt_str_and_init(Some(body), &init).unwrap()
}

/// A context without a language.
fn empty_context() -> Context {
    Object::new().unchecked_into()
}

/// One card on the page. Dropping it removes the card.
pub(crate) struct Page {
    pub(crate) host: Element,
    root: Element,
    card: Option<MountedCard>,
    notifications: Rc<RefCell<Vec<(String, JsValue)>>>,
    prevents: Rc<RefCell<bool>>,
}

impl Page {
    pub(crate) fn open(attributes: &[(&str, &str)], started: Option<StartedRequest>) -> Self {
        let host = document().create_element("div").unwrap();
        for (name, value) in attributes {
            host.set_attribute(name, value).unwrap();
        }
        document().body().unwrap().append_child(&host).unwrap();
        let shadow = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).unwrap();
        let root = document().create_element("div").unwrap();
        shadow.append_child(&root).unwrap();

        let notifications: Rc<RefCell<Vec<(String, JsValue)>>> = Rc::default();
        let prevents = Rc::new(RefCell::new(false));
        let notify = {
            let (notifications, prevents) = (notifications.clone(), prevents.clone());
            Closure::<dyn Fn(String, JsValue) -> bool>::new(move |name: String, detail: JsValue| {
                notifications.borrow_mut().push((name, detail));
                !*prevents.borrow()
            })
        };
        let notify: Notify = notify.into_js_value().unchecked_into();
        let card = Some(mount(host.clone(), &root, &empty_context(), started, notify));
        Self { host, root, card, notifications, prevents }
    }

    pub(crate) fn card(&mut self) -> &mut MountedCard {
        self.card.as_mut().unwrap()
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.host.set_attribute(name, value).unwrap();
        self.card().update(&empty_context());
    }

    pub(crate) fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    /// The text of the first visible element there.
    pub(crate) fn text(&self, selector: &str) -> String {
        let visible = self.find(selector).filter(|element| element.closest("[hidden]").unwrap().is_none());
        visible.and_then(|element| element.text_content()).unwrap_or_default().trim().to_owned()
    }

    pub(crate) fn money(&self) -> String {
        self.text(".item .amount bdi")
    }

    pub(crate) async fn shows(&self, money: &str) {
        until(&format!("the card shows {money}"), || self.money() == money).await;
    }

    /// The details of all notifications with that name, as JSON.
    pub(crate) fn notifications(&self, name: &str) -> Vec<String> {
        let notifications = self.notifications.borrow();
        let named = notifications.iter().filter(|(n, _)| n == name);
        named
            .map(|(_, detail)| js_sys::JSON::stringify(detail).map(JsValue::from).unwrap_or_default())
            .map(|json| json.as_string().unwrap_or_default())
            .collect()
    }

    pub(crate) fn prevent_defaults(&self) {
        *self.prevents.borrow_mut() = true;
    }

    pub(crate) fn root(&self) -> &Element {
        &self.root
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if let Some(card) = self.card.take() {
            card.destroy();
        }
        self.host.remove();
    }
}

/// A request as the element's class starts it, and the controller that aborts it.
pub(crate) fn started(response: &Promise) -> (StartedRequest, AbortController) {
    let controller = AbortController::new().unwrap();
    let started = Object::new();
    let now = web_sys::window().unwrap().performance().unwrap().now();
    for (name, value) in [
        ("response", JsValue::from(response)),
        ("take", Function::new_no_args("return this.response").into()),
        ("answered", false.into()),
        ("controller", controller.clone().into()),
        ("startedAt", now.into()),
    ] {
        Reflect::set(&started, &name.into(), &value).unwrap();
    }
    (started.unchecked_into(), controller)
}

pub(crate) fn answered(response: &Response) -> StartedRequest {
    started(&resolved(response)).0
}

fn resolved(value: &JsValue) -> Promise {
    Promise::resolve(value)
}

/// Replaces `fetch` until dropped. Responses come from a queue; with an empty queue a request stays
/// pending.
pub(crate) struct Network {
    original: JsValue,
    requests: Rc<RefCell<Vec<web_sys::Request>>>,
    queue: Rc<RefCell<VecDeque<Promise>>>,
}

impl Network {
    pub(crate) fn new() -> Self {
        let original = Reflect::get(&js_sys::global(), &"fetch".into()).unwrap();
        let requests: Rc<RefCell<Vec<web_sys::Request>>> = Rc::default();
        let queue: Rc<RefCell<VecDeque<Promise>>> = Rc::default();
        let fetch = {
            let (requests, queue) = (requests.clone(), queue.clone());
            Closure::<dyn Fn(String, RequestInit) -> Promise>::new(move |url: String, init: RequestInit| {
                let request = web_sys::Request::new_with_str_and_init(&url, &init).unwrap();
                let signal = request.signal();
                requests.borrow_mut().push(request);
                queue.borrow_mut().pop_front().unwrap_or_else(|| unless_aborted(&signal))
            })
        };
        Reflect::set(&js_sys::global(), &"fetch".into(), &fetch.into_js_value()).unwrap();
        Self { original, requests, queue }
    }

    pub(crate) fn answer(&self, response: &Response) {
        self.queue.borrow_mut().push_back(resolved(response));
    }

    pub(crate) fn fail(&self, reason: &JsValue) {
        self.queue.borrow_mut().push_back(Promise::reject(reason));
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.borrow().len()
    }

    pub(crate) fn last(&self) -> web_sys::Request {
        self.requests.borrow().last().unwrap().clone().unwrap()
    }

    pub(crate) fn last_is_aborted(&self) -> bool {
        self.requests.borrow().last().unwrap().signal().aborted()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        Reflect::set(&js_sys::global(), &"fetch".into(), &self.original).unwrap();
    }
}

/// A promise that never resolves, and rejects as `fetch` does when it is aborted.
fn unless_aborted(signal: &web_sys::AbortSignal) -> Promise {
    Promise::new(&mut |_, reject: Function| {
        let on_abort = Closure::once_into_js(move || {
            let _ = reject.call1(&JsValue::UNDEFINED, &js_sys::Error::new("aborted"));
        });
        signal.set_onabort(Some(on_abort.unchecked_ref()));
    })
}
