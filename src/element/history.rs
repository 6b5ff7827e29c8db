//! What JavaScript calls for the page with the history: mount, update, destroy.

use super::read_messages;
use crate::app::{HistoryPage, HistoryPageProps, render};
use crate::browser::Headers;
use crate::model::config::Credentials;
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::AppHandle;

#[wasm_bindgen]
extern "C" {
    /// What to show, and in which language.
    pub type HistoryOptions;

    /// The URL of the history, with the number of days in its query.
    #[wasm_bindgen(method, getter)]
    fn url(this: &HistoryOptions) -> Option<String>;

    /// The headers of the request, as for a card.
    #[wasm_bindgen(method, getter)]
    fn headers(this: &HistoryOptions) -> JsValue;

    /// The credentials mode of `fetch`.
    #[wasm_bindgen(method, getter)]
    fn credentials(this: &HistoryOptions) -> Option<String>;

    /// The locale of numbers and dates.
    #[wasm_bindgen(method, getter)]
    fn lang(this: &HistoryOptions) -> Option<String>;

    /// The sentences in that language, by their keys.
    #[wasm_bindgen(method, getter)]
    fn messages(this: &HistoryOptions) -> JsValue;

    /// The language of the sentences, if it is not English.
    #[wasm_bindgen(method, getter)]
    fn language(this: &HistoryOptions) -> Option<String>;
}

/// One mounted page.
#[wasm_bindgen]
#[derive(Debug)]
pub struct MountedHistory(AppHandle<HistoryPage>);

/// Renders the history into `root`, a new empty element.
#[wasm_bindgen(js_name = mountHistory)]
#[must_use]
pub fn mount_history(root: &Element, options: &HistoryOptions) -> MountedHistory {
    MountedHistory(render(root, props(options)))
}

#[wasm_bindgen]
impl MountedHistory {
    /// Shows another history, or the same one in another language.
    pub fn update(&mut self, options: &HistoryOptions) {
        self.0.update(props(options));
    }

    /// Takes it off the page and stops its request.
    pub fn destroy(self) {
        self.0.destroy();
    }
}

fn props(options: &HistoryOptions) -> HistoryPageProps {
    HistoryPageProps {
        url: options.url().unwrap_or_default().into(),
        headers: Headers::new(options.headers()),
        credentials: options.credentials().as_deref().map_or(Credentials::SameOrigin, Credentials::named),
        lang: options.lang().map(Into::into),
        language: options.language().map(Into::into),
        messages: read_messages(&[options.messages()]),
    }
}
