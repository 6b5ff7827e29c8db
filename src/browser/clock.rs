//! The time of day, the time that only runs forward, and a bell.

use crate::model::schedule::Millis;
use gloo_timers::callback::Timeout;

/// A timer that rings earlier than it was set does no harm, one that overflows does:
/// browsers count the delay in 31 bits and ring at once beyond that.
const LONGEST_DELAY: Millis = 0x7fff_ffff;

/// Milliseconds since 1970, as the reader's clock has it: right or wrong, and free to jump.
pub(crate) fn time_of_day() -> Millis {
    js_sys::Date::now() as Millis
}

/// Milliseconds since the page was opened. They never go back, whatever happens to the clock.
pub(crate) fn elapsed() -> Millis {
    web_sys::window().and_then(|window| window.performance()).map_or_else(time_of_day, |p| p.now() as Millis)
}

/// A number from 0 to 1, to spread the requests of many pages.
pub(crate) fn roll() -> f64 {
    js_sys::Math::random()
}

/// Calls once after a delay, unless dropped before.
pub(crate) fn ring_in(delay: Millis, ring: impl FnOnce() + 'static) -> Timeout {
    let delay = delay.clamp(0, LONGEST_DELAY);
    Timeout::new(u32::try_from(delay).unwrap_or(0), ring)
}
