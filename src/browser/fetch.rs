//! The only module of the card that speaks HTTP: one `GET` with a deadline for headers and body.

mod response;

use super::clock::{Timer, call_at, elapsed, from_performance_now};
use super::headers::Headers;
use super::visibility::{self, is_offline};
use super::{report, warn};
use crate::model::config::Credentials;
use crate::model::schedule::Millis;
use crate::model::{ErrorCode, FetchError};
use gloo_net::http;
use js_sys::{Object, Promise, Reflect, Uint8Array};
pub(crate) use response::{Response, TabReading};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestInit};

/// A balance is far shorter. A longer body is something else, or has no end.
const LONGEST_BODY: usize = 64 * 1024;

#[wasm_bindgen]
extern "C" {
    /// The first request of an element, which its class starts while the WebAssembly is loading.
    #[derive(Clone, Debug, PartialEq)]
    pub type StartedRequest;

    /// Hands the response over: from now on no other element joins this request. Resolves with the name
    /// of an [`ErrorCode`] where no request could be sent.
    #[wasm_bindgen(method)]
    fn take(this: &StartedRequest) -> Promise;

    #[wasm_bindgen(method, getter)]
    fn controller(this: &StartedRequest) -> AbortController;

    /// Whether the response is there, or that there is none.
    #[wasm_bindgen(method, getter)]
    fn answered(this: &StartedRequest) -> bool;

    /// On the clock of `performance.now()`.
    #[wasm_bindgen(method, getter, js_name = startedAt)]
    fn started_at(this: &StartedRequest) -> f64;
}

/// What to request, and with which cookies. A balance belongs to one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) credentials: Credentials,
}

impl Target {
    /// The URL is made absolute, so that two spellings of one URL are one target.
    pub(crate) fn new(url: &str, base: Option<&str>, credentials: Credentials) -> Self {
        Self { url: absolute(url, base), credentials }
    }
}

/// The URL that an address is from `base`, or from the page as it is now.
pub(crate) fn absolute(address: &str, base: Option<&str>) -> String {
    let url = match base {
        Some(base) => web_sys::Url::new_with_base(address, base).ok(),
        None => resolve(address),
    };
    url.map_or_else(|| address.to_owned(), |url| url.href())
}

/// Called once, with the response or when the deadline has passed.
type OnResponse = Rc<RefCell<Option<Box<dyn FnOnce(Response)>>>>;

/// A request in flight. Dropping it aborts it, and its callback is never called.
#[must_use = "a request that is dropped is aborted"]
pub(crate) struct InFlight {
    controller: AbortController,
    on_response: OnResponse,
    _deadline: Rc<Timer>,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        // A settled request is not aborted: the browser may still be closing it.
        if self.on_response.take().is_some() {
            self.controller.abort();
        }
    }
}

/// Makes a request, or takes over one that was started before, and calls back with the response.
pub(crate) fn request(
    target: &Target,
    headers: Option<Headers>,
    timeout: Millis,
    started: Option<StartedRequest>,
    on_response: Box<dyn FnOnce(Response)>,
) -> Result<InFlight, FetchError> {
    let controller = match &started {
        Some(started) => started.controller(),
        None => AbortController::new().map_err(|_| ErrorCode::Unsupported)?,
    };
    // The WebAssembly may have loaded for longer than the server has taken to answer.
    let pending = started.as_ref().filter(|started| !started.answered());
    let started_at = pending.map_or_else(elapsed, |started| from_performance_now(started.started_at()));
    let on_response: OnResponse = Rc::new(RefCell::new(Some(on_response)));
    let settle = {
        let on_response = on_response.clone();
        move |response| {
            let callback = on_response.borrow_mut().take();
            if let Some(callback) = callback {
                callback(response);
            }
        }
    };
    let deadline = {
        let (controller, settle) = (controller.clone(), settle.clone());
        call_at(started_at + timeout, move || {
            controller.abort();
            // Not left to the abort alone: the page's headers or its wrapper of `fetch` may ignore it.
            settle(Response::failed(ErrorCode::Timeout));
        })
    };
    let (target, abort) = (target.clone(), controller.clone());
    spawn_local(async move {
        let response = exchange(&target, headers, &abort, started).await;
        settle(response.unwrap_or_else(|code| Response::failed(or_offline(code))));
    });
    Ok(InFlight { controller, on_response, _deadline: deadline })
}

async fn exchange(
    target: &Target,
    headers: Option<Headers>,
    controller: &AbortController,
    started: Option<StartedRequest>,
) -> Result<Response, ErrorCode> {
    let response = match started {
        Some(started) => started.take(),
        None => {
            let own = match &headers {
                Some(headers) => match headers.resolve() {
                    Ok(promise) => JsFuture::from(promise).await.map_err(|error| without_headers(&error))?,
                    Err(error) => return Err(without_headers(&error)),
                },
                None => JsValue::UNDEFINED,
            };
            send(target, controller, &own)?
        }
    };
    let response = JsFuture::from(response).await.map_err(|_| ErrorCode::Network)?;
    let raw = response_of(&response).map_err(|code| match code {
        // The class says so where the page's `headers` have failed.
        ErrorCode::Unauthorized => signed_out_or_offline(),
        code => code,
    })?;
    visibility::network_answered();
    // The same object: `raw.clone()` is the method that reads a body twice.
    let response = http::Response::from(Clone::clone(&raw));
    refuse_redirect(&raw, &response, target).inspect_err(|_| controller.abort())?;
    let body = read_body(&raw, &response, controller).await?;
    Ok(Response::new(&response, body))
}

/// The page's function has no headers for a request, so none is made. Only the page knows why.
fn without_headers(error: &JsValue) -> ErrorCode {
    // An app that has none says so itself.
    if error.is_null() {
        return ErrorCode::Unauthorized;
    }
    report("airalo-balance sends no request, because `headers` has failed.", error);
    signed_out_or_offline()
}

/// A function that gets a token for the headers fails without a network, as any request does.
fn signed_out_or_offline() -> ErrorCode {
    if is_offline() { ErrorCode::Offline } else { ErrorCode::Unauthorized }
}

/// Sends the request with the page's headers, if there are any.
///
/// It calls `fetch` itself, because the `send` of gloo panics when a page's wrapper of `fetch`
/// rejects with a value that is no `Error`.
fn send(target: &Target, controller: &AbortController, own: &JsValue) -> Result<Promise, ErrorCode> {
    let headers = if own.is_object() {
        web_sys::Headers::new_with_record_from_str_to_str(own.unchecked_ref())
    } else {
        web_sys::Headers::new()
    };
    // The page's headers may hold invalid names or values.
    let headers = headers.map_err(|error| {
        report("airalo-balance sends no request, because no request can have these headers.", &error);
        ErrorCode::Config
    })?;
    let headers = http::Headers::from_raw(headers);
    headers.set("Accept", "application/json");
    headers.set("X-Airalo-Widget", "1");
    // Keeps a server from answering with the password prompt of HTTP Basic.
    headers.set("X-Requested-With", "XMLHttpRequest");
    let options = [
        // A cached response would look like a fresh one.
        ("cache", JsValue::from("no-store")),
        ("credentials", target.credentials.as_str().into()),
        ("headers", headers.into_raw().into()),
        ("signal", controller.signal().into()),
    ];
    let init = Object::new();
    for (name, value) in &options {
        // Setting a property of a new object cannot fail.
        let _ = Reflect::set(&init, &(*name).into(), value);
    }
    let url = resolve(&target.url).ok_or(ErrorCode::Config)?;
    if !url.username().is_empty() || !url.password().is_empty() {
        // `fetch` refuses it as if there were no network.
        warn("airalo-balance sends no request, because its URL has a user name or a password in it.");
        return Err(ErrorCode::Config);
    }
    let window = web_sys::window().ok_or(ErrorCode::Unsupported)?;
    // Without a `Request`: MooTools has a class of that name.
    Ok(window.fetch_with_str_and_init(&target.url, init.unchecked_ref::<RequestInit>()))
}

/// The response, or the error whose name the class has passed in its place.
fn response_of(answer: &JsValue) -> Result<web_sys::Response, ErrorCode> {
    match answer.as_string() {
        Some(code) => Err(ErrorCode::named(&code).unwrap_or(ErrorCode::Network)),
        None => answer.clone().dyn_into().map_err(|_| ErrorCode::Network),
    }
}

/// Refuses a response that was redirected to a login page or to another origin.
fn refuse_redirect(
    raw: &web_sys::Response,
    response: &http::Response,
    target: &Target,
) -> Result<(), ErrorCode> {
    if !raw.redirected() {
        return Ok(());
    }
    if is_html(response) {
        return Err(ErrorCode::Unauthorized);
    }
    if origin(&raw.url()) == origin(&target.url) { Ok(()) } else { Err(ErrorCode::InvalidResponse) }
}

fn is_html(response: &http::Response) -> bool {
    let kind = response.headers().get("Content-Type");
    kind.is_some_and(|kind| kind.trim_ascii().to_ascii_lowercase().starts_with("text/html"))
}

async fn read_body(
    raw: &web_sys::Response,
    response: &http::Response,
    controller: &AbortController,
) -> Result<String, ErrorCode> {
    let Some(stream) = raw.body() else { return Ok(String::new()) };
    if stream.locked() {
        // A page's wrapper of `fetch` has read the body, and `get_reader` would throw.
        return Err(ErrorCode::InvalidResponse);
    }
    if is_short(response) {
        // Chromium may report a request as aborted whose body a reader has read to its end. Not by
        // gloo, whose `text` panics where the body rejects with a value that is no `Error`.
        let text = JsFuture::from(raw.text().map_err(|_| ErrorCode::Network)?);
        let text = text.await.map_err(|_| ErrorCode::Network)?.as_string();
        return text.filter(|text| text.len() <= LONGEST_BODY).ok_or(ErrorCode::InvalidResponse);
    }
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut body = Vec::new();
    loop {
        // The connection may break in the middle of the body.
        let chunk = JsFuture::from(reader.read()).await.map_err(|_| ErrorCode::Network)?;
        let value = Reflect::get(&chunk, &"value".into()).unwrap_or_default();
        // Only the end of the stream has no value.
        let Ok(bytes) = value.dyn_into::<Uint8Array>() else { break };
        body.extend_from_slice(&bytes.to_vec());
        if body.len() > LONGEST_BODY {
            controller.abort();
            return Err(ErrorCode::InvalidResponse);
        }
    }
    // As the proxy does: a name in another encoding costs itself, not the balance.
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// Whether the server says that the body is not too long. Where it is compressed, that tells nothing.
fn is_short(response: &http::Response) -> bool {
    let headers = response.headers();
    let length = headers.get("Content-Length").and_then(|length| length.trim_ascii().parse().ok());
    headers.get("Content-Encoding").is_none() && length.is_some_and(|length: usize| length <= LONGEST_BODY)
}

/// Without a network a request fails like any other, so the browser is asked.
fn or_offline(code: ErrorCode) -> ErrorCode {
    if code == ErrorCode::Network && is_offline() { ErrorCode::Offline } else { code }
}

fn origin(url: &str) -> Option<String> {
    Some(resolve(url)?.origin())
}

fn resolve(url: &str) -> Option<web_sys::Url> {
    let base = web_sys::window()?.document()?.base_uri().ok()??;
    web_sys::Url::new_with_base(url, &base).ok()
}
