//! Tabs of one site that show the same balance: one of them makes the requests for all.
//!
//! The leader sends what it receives to the others by `BroadcastChannel`. The tab that holds a Web
//! Lock leads; the browser passes the lock on when its holder releases it or is closed.
//! Without these two APIs every tab makes its own requests, and so does a tab whose lock is refused:
//! a sandboxed `<iframe>` and a browser that blocks cookies have the API and reject its use.

use super::fetch::{Response, TabReading};
use crate::model::ErrorCode;
use crate::model::schedule::Millis;
use gloo_events::EventListener;
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, BroadcastChannel, MessageEvent};

#[wasm_bindgen]
extern "C" {
    /// Bound by hand, because `web_sys` marks it as unstable.
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        granted: &JsValue,
    ) -> Result<Promise, JsValue>;
}

/// Membership in a group of tabs. Dropping it leaves the group and releases the lead.
pub(crate) struct TabGroup {
    name: String,
    channel: Option<BroadcastChannel>,
    _listener: Option<EventListener>,
    lock: Option<LeaderLock>,
}

impl TabGroup {
    /// Joins the group of that name. `on_response` is called with each response of the leader;
    /// `on_lead` is called when this tab becomes the leader, or cannot be a follower.
    pub(crate) fn join(
        name: String,
        on_response: impl Fn(Response, TabReading) + 'static,
        on_lead: impl FnOnce() + 'static,
    ) -> Self {
        let channel = BroadcastChannel::new(&name).ok();
        let listener = channel.as_ref().map(|channel| {
            EventListener::new(channel, "message", move |event| {
                if let Some((response, reading)) = unpack(&event.unchecked_ref::<MessageEvent>().data()) {
                    on_response(response, reading);
                }
            })
        });
        let lock = channel.as_ref().and_then(|_| LeaderLock::request(&name, on_lead));
        Self { name, channel, _listener: listener, lock }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether another tab may lead.
    pub(crate) fn may_follow(&self) -> bool {
        self.lock.is_some()
    }

    /// Sends a response to the other tabs.
    pub(crate) fn share(&self, response: &Response, reading: TabReading) {
        if let Some(channel) = &self.channel {
            // Posting fails only for values that cannot be cloned, and text and numbers can.
            let _ = channel.post_message(&pack(response, reading));
        }
    }
}

impl Drop for TabGroup {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}

/// A lock that is held or waited for. Dropping it releases it.
struct LeaderLock {
    controller: AbortController,
    release: Rc<RefCell<Option<Function>>>,
    _granted: Closure<dyn FnMut() -> Promise>,
}

impl LeaderLock {
    fn request(name: &str, on_lead: impl FnOnce() + 'static) -> Option<Self> {
        let navigator = web_sys::window()?.navigator();
        let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)?;
        let controller = AbortController::new().ok()?;
        let release: Rc<RefCell<Option<Function>>> = Rc::default();
        let on_lead = Rc::new(RefCell::new(Some(on_lead)));
        let lead = move || {
            let on_lead = on_lead.borrow_mut().take();
            if let Some(on_lead) = on_lead {
                on_lead();
            }
        };
        let granted = {
            let (release, lead) = (release.clone(), lead.clone());
            // The lock is held until this promise resolves.
            Closure::<dyn FnMut() -> Promise>::new(move || {
                let held = Promise::new(&mut |resolve, _| {
                    release.replace(Some(resolve));
                });
                lead();
                held
            })
        };
        let options = Object::new();
        Reflect::set(&options, &"signal".into(), &controller.signal()).ok()?;
        let requested =
            locks.unchecked_into::<LockManager>().request(name, &options, granted.as_ref()).ok()?;
        let signal = controller.signal();
        spawn_local(async move {
            // It is aborted when this tab leaves the group. Any other rejection is a refusal.
            if JsFuture::from(requested).await.is_err() && !signal.aborted() {
                lead();
            }
        });
        Some(Self { controller, release, _granted: granted })
    }
}

impl Drop for LeaderLock {
    fn drop(&mut self) {
        match self.release.take() {
            Some(release) => drop(release.call0(&JsValue::UNDEFINED)),
            None => self.controller.abort(),
        }
    }
}

fn pack(response: &Response, reading: TabReading) -> JsValue {
    let failure = response.failure.map_or("", ErrorCode::as_str);
    let status = response.status.map_or(JsValue::NULL, JsValue::from);
    let age = reading.age.map_or(JsValue::NULL, |age| JsValue::from(age as f64));
    let retry_after = response.retry_after.map_or(JsValue::NULL, |millis| JsValue::from(millis as f64));
    let body = JsValue::from(&*response.body);
    [failure.into(), status, body, age, reading.stale.into(), retry_after].iter().collect::<Array>().into()
}

/// Data in another form comes from another version of the card and is ignored.
fn unpack(data: &JsValue) -> Option<(Response, TabReading)> {
    let parts = data.dyn_ref::<Array>()?;
    let failure = match parts.get(0).as_string()?.as_str() {
        "" => None,
        name => Some(ErrorCode::named(name)?),
    };
    let status = parts.get(1).as_f64().map(|status| status as u16);
    let millis = |at| parts.get(at).as_f64().map(|millis| millis as Millis);
    let response = Response::from_tab(failure, status, parts.get(2).as_string()?, millis(5));
    let reading = TabReading { age: millis(3), stale: parts.get(4).as_bool()? };
    Some((response, reading))
}
