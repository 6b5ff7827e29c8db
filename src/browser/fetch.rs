//! The one place in the card that speaks HTTP: a single `GET`, with a deadline for all of it.

use super::attention::is_offline;
use super::clock::{Alarm, elapsed, ring_at, since_navigation, time_of_day};
use crate::model::config::Credentials;
use crate::model::schedule::Millis;
use crate::model::state::Timestamps;
use crate::model::{BalanceResponse, ErrorCode, FetchError, Reading};
use gloo_net::http::Response;
use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, ReadableStreamDefaultReader, Request, RequestInit};

/// No balance is anywhere near this long. What is longer is something else, or has no end.
const LONGEST_BODY: usize = 64 * 1024;

#[wasm_bindgen]
extern "C" {
    /// The first request of an element, which its class starts while this file is loading.
    #[derive(Clone, Debug)]
    pub type Started;

    /// Resolves with `null` where the page's own `headers` could not be had.
    #[wasm_bindgen(method, getter)]
    fn response(this: &Started) -> Promise;

    #[wasm_bindgen(method, getter)]
    fn controller(this: &Started) -> AbortController;

    /// On the clock of `performance.now()`.
    #[wasm_bindgen(method, getter, js_name = startedAt)]
    fn started_at(this: &Started) -> f64;
}

/// The page's own headers: an object, or a function that returns one or a promise of one.
#[derive(Clone, Debug)]
pub struct Headers(JsValue);

impl Headers {
    /// Takes what a page has set; nothing where that holds no headers.
    #[must_use]
    pub fn new(value: JsValue) -> Option<Self> {
        (value.is_object() || value.is_function()).then_some(Self(value))
    }

    /// Asked before every request, because a token may have been renewed.
    fn ask(&self) -> Result<Promise, ErrorCode> {
        let value = match self.0.dyn_ref::<Function>() {
            Some(function) => function.call0(&JsValue::UNDEFINED).map_err(|_| ErrorCode::Unauthorized)?,
            None => self.0.clone(),
        };
        Ok(Promise::resolve(&value))
    }
}

/// The same headers are the same object; what is in it may change with every request.
impl PartialEq for Headers {
    fn eq(&self, other: &Self) -> bool {
        Object::is(&self.0, &other.0)
    }
}

/// Where to ask, and how.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) credentials: Credentials,
    pub(crate) headers: Option<Headers>,
}

impl Target {
    /// With the URL as the browser completes it: two spellings of one URL are one target.
    pub(crate) fn new(url: &str, credentials: Credentials, headers: Option<Headers>) -> Self {
        let url = resolve(url).map_or_else(|| url.to_owned(), |url| url.href());
        Self { url, credentials, headers }
    }
}

/// What came back, as it was: another tab reads the same out of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Letter {
    /// The name of the trouble where there is no answer, and empty where there is one.
    pub(crate) code: &'static str,
    pub(crate) status: Option<u16>,
    pub(crate) body: String,
    pub(crate) stamps: Timestamps,
    retry_after: Option<Millis>,
}

impl Letter {
    fn without_answer(code: ErrorCode) -> Self {
        Self { code: code.as_str(), ..Self::default() }
    }

    /// An answer that came with the page. Where it does not say how old it is, it is as old as
    /// the page.
    pub(crate) fn given(body: &str) -> Self {
        let age = elapsed() - since_navigation(0.0);
        let stamps = Timestamps { age: Some(age), ..Timestamps::default() };
        Self { body: body.to_owned(), stamps, ..Self::default() }
    }

    pub(crate) fn from_parts(code: &str, status: Option<u16>, body: String) -> Option<Self> {
        let code = match code {
            "" => "",
            name => ErrorCode::named(name)?.as_str(),
        };
        Some(Self { code, status, body, ..Self::default() })
    }

    /// Takes what stands on the outside.
    fn open(&mut self, response: &Response) {
        let headers = response.headers();
        let date = |name| headers.get(name).as_deref().and_then(moment);
        let seconds =
            |name| headers.get(name)?.trim_ascii().parse::<u32>().ok().map(|s| Millis::from(s) * 1_000);
        self.status = Some(response.status());
        self.stamps.date = date("Date");
        self.stamps.age = seconds("Age");
        let now = self.stamps.date;
        let until = || date("Retry-After").map(|at| (at - now.unwrap_or_else(time_of_day)).max(0));
        self.retry_after = seconds("Retry-After").or_else(until);
    }

    /// Reads it, with the age that the balance had when it came here.
    pub(crate) fn read(&self, passed_on: Option<Millis>) -> Result<(Reading, Millis), FetchError> {
        if let Some(code) = ErrorCode::named(self.code) {
            return Err(FetchError { status: self.status, ..code.into() });
        }
        let status = self.status.unwrap_or(200);
        if !(200..300).contains(&status) {
            return Err(FetchError::from_status(status, &self.body, self.retry_after));
        }
        let unreadable = |_| FetchError { status: Some(status), ..ErrorCode::InvalidResponse.into() };
        let answer = BalanceResponse::parse(&self.body).map_err(unreadable)?;
        let fetched_at = answer.fetched_at.as_deref().and_then(moment);
        let stamps = Timestamps { fetched_at, now: time_of_day(), ..self.stamps };
        let (age, fetched_at) = match passed_on {
            Some(age) => (age, stamps.now - age),
            None => stamps.read(),
        };
        let taken_at = elapsed() - age;
        let stale = answer.stale;
        Ok((Reading { balances: answer.balances.into(), fetched_at, taken_at, stale }, age))
    }
}

/// Whoever waits for what comes of a request. It is told once, by whichever comes first: the
/// answer or the deadline.
type Waiting = Rc<RefCell<Option<Box<dyn FnOnce(Letter)>>>>;

/// A request under way. Dropping it aborts it, and nobody hears of its answer any more.
#[must_use = "a request that is dropped is aborted"]
pub(crate) struct Inflight {
    controller: AbortController,
    waiting: Waiting,
    _deadline: Rc<Alarm>,
}

impl Drop for Inflight {
    fn drop(&mut self) {
        // What has come to an end is left to end: the browser may still be putting it away.
        if self.waiting.take().is_some() {
            self.controller.abort();
        }
    }
}

/// Asks, or takes over a request that was started before, and calls back with what came of it.
pub(crate) fn ask(
    target: &Target,
    timeout: Millis,
    started: Option<Started>,
    done: impl FnOnce(Letter) + 'static,
) -> Result<Inflight, FetchError> {
    let controller = match &started {
        Some(started) => started.controller(),
        None => AbortController::new().map_err(|_| ErrorCode::Unsupported)?,
    };
    let begun = started.as_ref().map_or_else(elapsed, |started| since_navigation(started.started_at()));
    let waiting: Waiting = Rc::new(RefCell::new(Some(Box::new(done))));
    let deadline = {
        let (controller, waiting) = (controller.clone(), waiting.clone());
        ring_at(begun + timeout, move || {
            controller.abort();
            // What is waited for may not know of the signal: a page's own headers, or its own
            // wrapper of `fetch`.
            let done = waiting.borrow_mut().take();
            if let Some(done) = done {
                done(Letter::without_answer(ErrorCode::Timeout));
            }
        })
    };
    let (target, waits, aborts) = (target.clone(), waiting.clone(), controller.clone());
    spawn_local(async move {
        let mut letter = Letter::default();
        if let Err(code) = exchange(&target, &aborts, started, &mut letter).await {
            letter = Letter::without_answer(name_of(code));
        }
        let done = waits.borrow_mut().take();
        if let Some(done) = done {
            done(letter);
        }
    });
    Ok(Inflight { controller, waiting, _deadline: deadline })
}

/// Every step that waits is in here; the others are plain functions, which weigh less.
async fn exchange(
    target: &Target,
    aborts: &AbortController,
    started: Option<Started>,
    letter: &mut Letter,
) -> Result<(), ErrorCode> {
    let response = match started {
        Some(started) => started.response(),
        None => {
            let mut own = JsValue::UNDEFINED;
            if let Some(headers) = &target.headers {
                own = JsFuture::from(headers.ask()?).await.map_err(|_| ErrorCode::Unauthorized)?;
            }
            send(target, aborts, &own)?
        }
    };
    let response = JsFuture::from(response).await.map_err(|_| ErrorCode::Network)?;
    let response = accepted(response, target, aborts)?;
    let mut body = Vec::new();
    if let Some(reader) = reader(&response)? {
        // A body that breaks off is a broken connection.
        while append(&mut body, &JsFuture::from(reader.read()).await.map_err(|_| ErrorCode::Network)?) {
            if body.len() > LONGEST_BODY {
                aborts.abort();
                return Err(ErrorCode::InvalidResponse);
            }
        }
    }
    letter.body = String::from_utf8(body).map_err(|_| ErrorCode::InvalidResponse)?;
    letter.open(&response);
    Ok(())
}

/// Sends the request, with the page's own headers if there are any. A page may put anything in
/// there; what `fetch` would throw at is an error and no panic.
///
/// It goes through `fetch` and not through gloo's `send`: that one panics when a page's own wrapper
/// of `fetch` rejects with something that is no `Error`.
fn send(target: &Target, aborts: &AbortController, own: &JsValue) -> Result<Promise, ErrorCode> {
    let headers = if own.is_object() {
        web_sys::Headers::new_with_record_from_str_to_str(own.unchecked_ref())
    } else {
        web_sys::Headers::new()
    };
    let headers = gloo_net::http::Headers::from_raw(headers.map_err(|_| ErrorCode::Config)?);
    headers.set("Accept", "application/json");
    headers.set("X-Airalo-Widget", "1");
    let wishes = [
        // Out of a cache an old balance would come back as a new one.
        ("cache", JsValue::from("no-store")),
        ("credentials", target.credentials.as_str().into()),
        ("headers", headers.into_raw().into()),
        ("signal", aborts.signal().into()),
    ];
    let init = Object::new();
    for (name, wish) in &wishes {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&init, &(*name).into(), wish);
    }
    let request = Request::new_with_str_and_init(&target.url, init.unchecked_ref::<RequestInit>())
        .map_err(|_| ErrorCode::Config)?;
    let window = web_sys::window().ok_or(ErrorCode::Unsupported)?;
    Ok(window.fetch_with_request(&request))
}

/// The answer, if it is from whom it was asked of.
fn accepted(response: JsValue, target: &Target, aborts: &AbortController) -> Result<Response, ErrorCode> {
    if response.is_null() {
        return Err(ErrorCode::Unauthorized);
    }
    let response: Response = response.dyn_into::<web_sys::Response>().map_err(|_| ErrorCode::Network)?.into();
    if response.redirected() && origin(&response.url()) != origin(&target.url) {
        // Somebody else's answer, however right it looks.
        aborts.abort();
        return Err(ErrorCode::InvalidResponse);
    }
    Ok(response)
}

/// Whoever reads the body; nobody where there is none.
fn reader(response: &Response) -> Result<Option<ReadableStreamDefaultReader>, ErrorCode> {
    let Some(stream) = response.body() else { return Ok(None) };
    if stream.locked() {
        // A page's own wrapper of `fetch` has read it; asking for a reader would throw.
        return Err(ErrorCode::InvalidResponse);
    }
    Ok(Some(stream.get_reader().unchecked_into()))
}

/// Adds what was read, unless that was the end.
fn append(body: &mut Vec<u8>, chunk: &JsValue) -> bool {
    let value = Reflect::get(chunk, &"value".into()).unwrap_or_default();
    let Ok(value) = value.dyn_into::<Uint8Array>() else { return false };
    body.extend_from_slice(&value.to_vec());
    true
}

/// What looks like a broken connection may be a browser without a network.
fn name_of(code: ErrorCode) -> ErrorCode {
    if code == ErrorCode::Network && is_offline() { ErrorCode::Offline } else { code }
}

fn moment(text: &str) -> Option<Millis> {
    let at = js_sys::Date::parse(text);
    at.is_finite().then_some(at as Millis)
}

fn origin(url: &str) -> Option<String> {
    Some(resolve(url)?.origin())
}

fn resolve(url: &str) -> Option<web_sys::Url> {
    let base = web_sys::window()?.document()?.base_uri().ok()??;
    web_sys::Url::new_with_base(url, &base).ok()
}
