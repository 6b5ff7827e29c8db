//! Other tabs of the same site that show the same balance: one of them asks for all.
//!
//! What a tab hears goes to the others by `BroadcastChannel`; which one asks is decided by a
//! Web Lock, which the browser hands on when its holder lets go or is closed.
//! Where either is missing, every tab asks for itself.

use super::fetch::Letter;
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
    /// Bound by hand, because `web_sys` counts it among the unstable ones.
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        granted: &JsValue,
    ) -> Result<Promise, JsValue>;
}

/// A seat among the tabs. Dropping it leaves them, and lets another one lead.
pub(crate) struct Tabs {
    name: String,
    channel: Option<BroadcastChannel>,
    _listener: Option<EventListener>,
    claim: Option<Claim>,
}

impl Tabs {
    /// Joins the tabs of that name. `heard` is called with what another one has been answered,
    /// and how old that was when it was passed on; `leads`, once this one is to ask for all.
    pub(crate) fn join(
        name: String,
        heard: impl Fn(Letter, Millis) + 'static,
        leads: impl FnOnce() + 'static,
    ) -> Self {
        let channel = BroadcastChannel::new(&name).ok();
        let listener = channel.as_ref().map(|channel| {
            EventListener::new(channel, "message", move |event| {
                if let Some((letter, age)) = unpack(&event.unchecked_ref::<MessageEvent>().data()) {
                    heard(letter, age);
                }
            })
        });
        let claim = channel.as_ref().and_then(|_| Claim::stake(&name, leads));
        Self { name, channel, _listener: listener, claim }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether another tab may ask for this one too.
    pub(crate) fn follows(&self) -> bool {
        self.claim.is_some()
    }

    /// Passes on what this tab was answered.
    pub(crate) fn tell(&self, letter: &Letter, age: Millis) {
        if let Some(channel) = &self.channel {
            // Plain text and numbers can always be passed on.
            let _ = channel.post_message(&pack(letter, age));
        }
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}

/// A lock that is held or waited for. Dropping it lets go.
struct Claim {
    controller: AbortController,
    release: Rc<RefCell<Option<Function>>>,
    _granted: Closure<dyn FnMut() -> Promise>,
}

impl Claim {
    fn stake(name: &str, leads: impl FnOnce() + 'static) -> Option<Self> {
        let navigator = web_sys::window()?.navigator();
        let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)?;
        let controller = AbortController::new().ok()?;
        let release: Rc<RefCell<Option<Function>>> = Rc::default();
        let granted = {
            let (release, mut leads) = (release.clone(), Some(leads));
            // The lock is held for as long as this promise is open.
            Closure::<dyn FnMut() -> Promise>::new(move || {
                let held = Promise::new(&mut |resolve, _| {
                    release.replace(Some(resolve));
                });
                if let Some(leads) = leads.take() {
                    leads();
                }
                held
            })
        };
        let options = Object::new();
        Reflect::set(&options, &"signal".into(), &controller.signal()).ok()?;
        let asked = locks.unchecked_into::<LockManager>().request(name, &options, granted.as_ref()).ok()?;
        // A claim that is withdrawn rejects, which is nobody's trouble.
        spawn_local(async move { drop(JsFuture::from(asked).await) });
        Some(Self { controller, release, _granted: granted })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        match self.release.take() {
            Some(release) => drop(release.call0(&JsValue::UNDEFINED)),
            None => self.controller.abort(),
        }
    }
}

fn pack(letter: &Letter, age: Millis) -> JsValue {
    let status = letter.status.map_or(JsValue::NULL, JsValue::from);
    Array::of4(&letter.code.into(), &status, &JsValue::from(&*letter.body), &(age as f64).into()).into()
}

/// Whatever is not in this form is not from a card of this version, and is left alone.
fn unpack(data: &JsValue) -> Option<(Letter, Millis)> {
    let parts = data.dyn_ref::<Array>()?;
    let status = parts.get(1).as_f64().map(|status| status as u16);
    let letter = Letter::from_parts(&parts.get(0).as_string()?, status, parts.get(2).as_string()?)?;
    Some((letter, parts.get(3).as_f64()? as Millis))
}
