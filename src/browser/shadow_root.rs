//! The shadow root that the component brings along. The element's class makes its own
//! (`www/element/shadow-root.js`).

use gloo_events::{EventListener, EventListenerOptions};
use js_sys::Array;
use std::cell::OnceCell;
use wasm_bindgen::JsCast;
use web_sys::{CssStyleSheet, Element, HtmlElement, ShadowRootInit, ShadowRootMode, ToggleEvent};

/// A shadow root with the stylesheet of the card, and the element in it for the card to be rendered
/// into, which is removed on drop.
pub(crate) struct ShadowRoot {
    stage: Element,
    _popovers: EventListener,
}

impl ShadowRoot {
    /// `None` where the host can have no shadow root, or the browser constructs no stylesheets.
    pub(crate) fn attach(host: &Element, css: &str) -> Option<Self> {
        let stylesheet = stylesheet(css)?;
        let root = match host.shadow_root() {
            Some(root) => root,
            None => host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).ok()?,
        };
        let stage = host.owner_document()?.create_element("div").ok()?;
        // The narrow layouts are queries of the width of this class.
        stage.set_class_name("stage");
        root.append_child(&stage).ok()?;
        root.set_adopted_style_sheets(&Array::of1(stylesheet.as_ref()));
        let popovers = return_focus_from_popovers(&root);
        Some(Self { stage, _popovers: popovers })
    }

    pub(crate) fn stage(&self) -> &Element {
        &self.stage
    }
}

impl Drop for ShadowRoot {
    fn drop(&mut self) {
        self.stage.remove();
    }
}

/// One for all cards. A policy against inline styles allows a constructed stylesheet.
fn stylesheet(css: &str) -> Option<CssStyleSheet> {
    thread_local! {
        static STYLESHEET: OnceCell<Option<CssStyleSheet>> = const { OnceCell::new() };
    }
    STYLESHEET.with(|stylesheet| {
        let construct = || {
            let stylesheet = CssStyleSheet::new().ok()?;
            stylesheet.replace_sync(css).ok()?;
            Some(stylesheet)
        };
        stylesheet.get_or_init(construct).clone()
    })
}

/// Returns the focus to the button that opened a popover when it closes. Browsers do so by
/// themselves, but Chromium (156) does not inside a shadow root.
fn return_focus_from_popovers(root: &web_sys::ShadowRoot) -> EventListener {
    let shadow = root.clone();
    let options = EventListenerOptions::run_in_capture_phase();
    EventListener::new_with_options(root, "beforetoggle", options, move |event| {
        let closes = event.dyn_ref::<ToggleEvent>().is_some_and(|event| event.new_state() == "closed");
        let popover = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(popover) = popover.filter(|_| closes) else { return };
        let Some(focused) = shadow.active_element() else { return };
        if popover.contains(Some(&focused)) {
            let button = shadow.query_selector(&format!("[popovertarget=\"{}\"]", popover.id()));
            // An extension may have removed it.
            if let Some(button) =
                button.ok().flatten().and_then(|button| button.dyn_into::<HtmlElement>().ok())
            {
                // It can fail only by being ignored.
                let _ = button.focus();
            }
        }
    })
}
