//! The one place in the card that speaks HTTP: a single `GET`, with a deadline for all of it.

use super::clock::{elapsed, ring_in, time_of_day};
use crate::model::config::Credentials;
use crate::model::schedule::Millis;
use crate::model::{Answer, Code, Reading, Trouble};
use gloo_net::http::{Request, Response};
use gloo_timers::callback::Timeout;
use js_sys::{Promise, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, ReadableStreamDefaultReader, RequestCredentials};

/// No balance is anywhere near this long. What is longer is something else, or has no end.
const LONGEST_BODY: usize = 64 * 1024;

#[wasm_bindgen]
extern "C" {
    /// The first request of an element, which its class starts while this file is loading.
    #[derive(Clone, Debug)]
    pub type Started;

    #[wasm_bindgen(method, getter)]
    fn response(this: &Started) -> Promise;

    #[wasm_bindgen(method, getter)]
    fn controller(this: &Started) -> AbortController;

    /// On the clock of `performance.now()`.
    #[wasm_bindgen(method, getter, js_name = startedAt)]
    fn started_at(this: &Started) -> f64;
}

/// Where to ask, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) credentials: Credentials,
}

/// A request under way. Dropping it aborts it, and nobody hears of its answer any more.
#[must_use = "a request that is dropped is aborted"]
pub(crate) struct Inflight {
    controller: AbortController,
    dropped: Rc<Cell<bool>>,
    _deadline: Timeout,
}

impl Drop for Inflight {
    fn drop(&mut self) {
        self.dropped.set(true);
        self.controller.abort();
    }
}

/// Asks, or takes over a request that was started before, and calls back with what came of it.
pub(crate) fn ask(
    target: &Target,
    timeout: Millis,
    started: Option<Started>,
    done: impl FnOnce(Result<Reading, Trouble>) + 'static,
) -> Result<Inflight, Trouble> {
    let (controller, response, begun) = match started {
        Some(started) => (started.controller(), started.response(), started.started_at() as Millis),
        None => {
            let controller = AbortController::new().map_err(|_| Code::Unsupported)?;
            let response = start(target, &controller)?;
            (controller, response, elapsed())
        }
    };
    let timed_out = Rc::new(Cell::new(false));
    let dropped = Rc::new(Cell::new(false));
    let deadline = {
        let (controller, timed_out) = (controller.clone(), timed_out.clone());
        ring_in(begun + timeout - elapsed(), move || {
            timed_out.set(true);
            controller.abort();
        })
    };
    let gone = dropped.clone();
    spawn_local(async move {
        let outcome = receive(response).await;
        if !gone.get() {
            done(outcome.map_err(|trouble| name_of(trouble, timed_out.get())));
        }
    });
    Ok(Inflight { controller, dropped, _deadline: deadline })
}

/// The request itself goes through `fetch` and not through gloo's `send`: that one panics when
/// a page's own wrapper of `fetch` rejects with something that is no `Error`.
fn start(target: &Target, controller: &AbortController) -> Result<Promise, Trouble> {
    let request = Request::get(&target.url)
        .header("Accept", "application/json")
        .header("X-Airalo-Widget", "1")
        .credentials(match target.credentials {
            Credentials::SameOrigin => RequestCredentials::SameOrigin,
            Credentials::Include => RequestCredentials::Include,
            Credentials::Omit => RequestCredentials::Omit,
        })
        .abort_signal(Some(&controller.signal()))
        .build()
        .map_err(|_| Code::Config)?;
    let window = web_sys::window().ok_or(Code::Unsupported)?;
    Ok(window.fetch_with_request(&request.into()))
}

async fn receive(response: Promise) -> Result<Reading, Trouble> {
    let response = JsFuture::from(response).await.map_err(|_| Code::Network)?;
    let response: Response = response.dyn_into::<web_sys::Response>().map_err(|_| Code::Network)?.into();
    let status = response.status();
    let body = text(&response).await;
    if !response.ok() {
        let retry_after = response.headers().get("Retry-After").and_then(|value| pause(&value));
        return Err(Trouble::from_status(status, &body.unwrap_or_default(), retry_after));
    }
    let invalid = Trouble { status: Some(status), ..Code::InvalidResponse.into() };
    let answer = Answer::read(&body?).map_err(|_| invalid)?;
    let fetched_at = answer.fetched_at.as_deref().and_then(moment).unwrap_or_else(time_of_day);
    Ok(Reading { balances: answer.balances.into(), fetched_at, stale: answer.stale })
}

/// Reads the body up to the limit. A body that breaks off is a broken connection.
async fn text(response: &Response) -> Result<String, Trouble> {
    let Some(stream) = response.body() else { return Ok(String::new()) };
    if stream.locked() {
        // A page's own wrapper of `fetch` has read it; asking for a reader would throw.
        return Err(Code::InvalidResponse.into());
    }
    let reader: ReadableStreamDefaultReader =
        stream.get_reader().dyn_into().map_err(|_| Code::InvalidResponse)?;
    let mut bytes = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(|_| Code::Network)?;
        let value = js_sys::Reflect::get(&chunk, &"value".into()).unwrap_or_default();
        let Ok(value) = value.dyn_into::<Uint8Array>() else { break };
        if bytes.len() + value.length() as usize > LONGEST_BODY {
            // The rest is not wanted; whether it is stopped or breaks off by itself is all one.
            drop(reader.cancel());
            return Err(Code::InvalidResponse.into());
        }
        bytes.extend_from_slice(&value.to_vec());
    }
    String::from_utf8(bytes).map_err(|_| Code::InvalidResponse.into())
}

/// What looks like a broken connection may be our own deadline, or a browser without a network.
fn name_of(trouble: Trouble, timed_out: bool) -> Trouble {
    let online = web_sys::window().is_none_or(|window| window.navigator().on_line());
    match trouble.code {
        Code::Network if timed_out => Code::Timeout.into(),
        Code::Network if !online => Code::Offline.into(),
        _ => trouble,
    }
}

/// `Retry-After` holds seconds or a date.
fn pause(value: &str) -> Option<Millis> {
    match value.trim().parse::<u32>() {
        Ok(seconds) => Some(Millis::from(seconds) * 1_000),
        Err(_) => moment(value).map(|at| (at - time_of_day()).max(0)),
    }
}

fn moment(text: &str) -> Option<Millis> {
    let at = js_sys::Date::parse(text);
    at.is_finite().then_some(at as Millis)
}
