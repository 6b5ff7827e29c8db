//! Headers of the page for the card's requests.

use js_sys::{Array, Function, Object, Promise, Reflect};
use std::future::Future;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

/// The page's request headers.
#[derive(Clone, Debug)]
pub struct Headers(JsValue);

impl Headers {
    /// Wraps a JavaScript value, if it can hold headers: an object, or a function that returns one
    /// or a promise of one.
    #[must_use]
    pub fn new(value: JsValue) -> Option<Self> {
        (value.is_object() || value.is_function()).then_some(Self(value))
    }

    /// Headers that are made before every request, for a token that has to be a fresh one.
    ///
    /// Two calls of this function make two values that are not equal, even of the same closure. So
    /// make them once, for instance with `use_memo`, for cards to share their requests.
    #[must_use]
    pub fn from_fn<F, R, K, V>(headers: F) -> Self
    where
        F: Fn() -> R + 'static,
        R: Future<Output = Option<Vec<(K, V)>>> + 'static,
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let function = Closure::<dyn Fn() -> Promise>::new(move || {
            let headers = headers();
            future_to_promise(async move {
                // The app knows why there are none.
                headers.await.map(object).ok_or(JsValue::NULL)
            })
        });
        Self(function.into_js_value())
    }

    /// Called before every request, because a token may have been renewed.
    pub(super) fn resolve(&self) -> Result<Promise, JsValue> {
        let value = match self.0.dyn_ref::<Function>() {
            Some(function) => function.call0(&JsValue::UNDEFINED)?,
            None => self.0.clone(),
        };
        Ok(Promise::resolve(&value))
    }
}

/// Two objects with the same headers are equal; two functions only if they are the same one.
///
/// Frameworks make such an object anew at every render.
impl PartialEq for Headers {
    fn eq(&self, other: &Self) -> bool {
        let is_function = self.0.is_function() || other.0.is_function();
        let same_entries = || entries(&self.0).is_some_and(|own| Some(own) == entries(&other.0));
        Object::is(&self.0, &other.0) || (!is_function && same_entries())
    }
}

/// The names and values of an object with headers, as a browser would send them.
fn entries(object: &JsValue) -> Option<String> {
    let headers = web_sys::Headers::new_with_record_from_str_to_str(object.unchecked_ref()).ok()?;
    let mut lines = String::new();
    for entry in &headers.entries() {
        lines += &String::from(entry.ok()?.unchecked_into::<Array>().join(":"));
        lines.push('\n');
    }
    Some(lines)
}

/// Headers that are the same for every request.
impl<K: AsRef<str>, V: AsRef<str>, const N: usize> From<[(K, V); N]> for Headers {
    fn from(headers: [(K, V); N]) -> Self {
        Self(object(headers))
    }
}

fn object<K: AsRef<str>, V: AsRef<str>>(headers: impl IntoIterator<Item = (K, V)>) -> JsValue {
    let object = Object::new();
    for (name, value) in headers {
        // Setting a property of a new object cannot fail.
        let _ = Reflect::set(&object, &name.as_ref().into(), &value.as_ref().into());
    }
    object.into()
}
