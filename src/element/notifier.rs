//! Notifies the element's class of everything that the page may want to know.

use crate::model::events::{EventLog, Snapshot, TopUpDetail};
use crate::model::{Level, PollState, State};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::Event;

#[wasm_bindgen]
extern "C" {
    /// `notify(name, detail)`. It returns false where the page has prevented the default action.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "(name: string, detail: unknown) => boolean")]
    pub type Notify;

    #[wasm_bindgen(method, catch, js_name = call)]
    fn call(this: &Notify, this_arg: &JsValue, name: &str, detail: &JsValue) -> Result<JsValue, JsValue>;
}

/// The notifications of one card.
#[derive(Debug)]
pub(super) struct Notifier {
    notify: Notify,
    log: RefCell<EventLog>,
    last: RefCell<(Rc<PollState>, Level)>,
    /// The request that had settled last. `None` before the first state.
    settled: Cell<Option<u32>>,
}

impl Notifier {
    pub(super) fn new(notify: Notify) -> Self {
        Self { notify, log: RefCell::default(), last: RefCell::default(), settled: Cell::default() }
    }

    /// Sends whatever differs from the last state.
    pub(super) fn update(&self, poll: &Rc<PollState>, level: Level) {
        // The first state equals the initial value of `last`, and is sent as well.
        let (last, last_level) = self.last.replace((poll.clone(), level));
        let is_new = last.state != poll.state || last.history != poll.history || last_level != level;
        if is_new || poll.state == State::Loading {
            self.send("snapshot", &to_js(&Snapshot::new(poll, level)));
        }
        if last.in_flight != poll.in_flight {
            self.send("busy", &poll.in_flight.into());
        }
        let events = self.log.borrow_mut().events(poll, level);
        for event in events {
            self.send(event.name(), &to_js(&event));
        }
        // What has settled before the card was there is not what it is asked for.
        let is_later = self.settled.replace(Some(poll.settled)).is_some_and(|last| last != poll.settled);
        if is_later && poll.settled != 0 {
            self.settled();
        }
    }

    /// A request has settled, or none can be made.
    pub(super) fn settled(&self) {
        self.send("settled", &JsValue::UNDEFINED);
    }

    pub(super) fn announce(&self, text: &str) {
        self.send("announcement", &text.into());
    }

    /// Opening the link is the default action of the click. The page may prevent it.
    pub(super) fn top_up(&self, click: &Event, url: Option<String>) {
        let balances = self.last.borrow().0.state.balances().into();
        if !self.send("top-up", &to_js(&TopUpDetail { url, balances })) {
            click.prevent_default();
        }
    }

    /// Returns false where the page has prevented the default action. An exception of the page's
    /// listener is ignored here; the browser has reported it.
    fn send(&self, name: &str, detail: &JsValue) -> bool {
        let result = self.notify.call(&JsValue::UNDEFINED, name, detail);
        result.ok().and_then(|result| result.as_bool()).unwrap_or(true)
    }
}

/// A plain JavaScript value, with `null` for `None`.
pub(super) fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&Serializer::json_compatible()).unwrap_or_default()
}
