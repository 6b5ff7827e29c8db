//! How old the page itself is.

use super::clock::{elapsed, from_performance_now};
use crate::model::schedule::Millis;
use js_sys::Reflect;

/// How long ago the server sent the page. `None` where it may be older than its navigation: it came
/// from a cache or from a service worker, or the browser does not tell.
pub(super) fn age() -> Option<Millis> {
    let performance = web_sys::window()?.performance()?;
    let navigation = performance.get_entries_by_type("navigation").get(0);
    let number = |name: &str| Reflect::get(&navigation, &name.into()).ok()?.as_f64();
    let from_network = number("transferSize")? > 0.0 && number("workerStart")? == 0.0;
    let sent_at = number("responseStart")?;
    from_network.then(|| elapsed() - from_performance_now(sent_at))
}
