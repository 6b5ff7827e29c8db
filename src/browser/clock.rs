//! The time of day, a monotonic time, and timers.

use crate::model::schedule::Millis;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// Browsers keep a delay in 31 bits and run at once beyond that.
const LONGEST_DELAY: Millis = 0x7fff_ffff;

/// Milliseconds since 1970 on the reader's clock, which may be wrong and may jump.
pub(crate) fn time_of_day() -> Millis {
    js_sys::Date::now() as Millis
}

/// A moment of `performance.now()`, on the clock of [`elapsed`].
pub(crate) fn from_performance_now(at: f64) -> Millis {
    elapsed() - (monotonic() - at) as Millis
}

fn monotonic() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or_else(js_sys::Date::now, |p| p.now())
}

/// Milliseconds on a clock that never goes back and never stops.
///
/// On some machines `performance.now()` stops while they are suspended, and the time of day can be
/// set. This clock follows whichever of the two has moved further. A reader's clock that is set
/// ahead causes one early request, and without an interval too great an age.
pub(crate) fn elapsed() -> Millis {
    thread_local! {
        static LAST: Cell<[f64; 3]> = const { Cell::new([0.0; 3]) };
    }
    let (monotonic, time_of_day) = (monotonic(), js_sys::Date::now());
    let [last_monotonic, last_time_of_day, last] = LAST.get();
    let now = if last == 0.0 {
        // The origin is arbitrary. It has to leave room for moments before the first call.
        time_of_day
    } else {
        last + (monotonic - last_monotonic).max(time_of_day - last_time_of_day).max(0.0)
    };
    LAST.set([monotonic, time_of_day, now]);
    now as Millis
}

/// A number from 0 to 1.
pub(crate) fn random() -> f64 {
    js_sys::Math::random()
}

/// Calls back once when it is due. Dropping it cancels the call.
#[must_use = "a timer that is dropped never runs"]
pub(crate) struct Timer {
    due: Millis,
    callback: Box<dyn Fn()>,
}

thread_local! {
    /// All pending timers. One browser timeout, set for the first of them, serves the whole page,
    /// so that the texts of many cards change in the same frame.
    static TIMERS: RefCell<Vec<Weak<Timer>>> = const { RefCell::new(Vec::new()) };
    static TIMEOUT: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

/// Starts a timer for a moment of [`elapsed`].
pub(crate) fn call_at(due: Millis, callback: impl Fn() + 'static) -> Rc<Timer> {
    let timer = Rc::new(Timer { due, callback: Box::new(callback) });
    TIMERS.with_borrow_mut(|timers| timers.push(Rc::downgrade(&timer)));
    set_timeout();
    timer
}

fn set_timeout() {
    let first = TIMERS.with_borrow_mut(|timers| {
        timers.retain(|timer| timer.strong_count() > 0);
        timers.iter().filter_map(|timer| Some(timer.upgrade()?.due)).min()
    });
    let timeout = first.map(|due| {
        let delay = (due - elapsed()).clamp(0, LONGEST_DELAY);
        Timeout::new(u32::try_from(delay).unwrap_or(0), run_due)
    });
    TIMEOUT.set(timeout);
}

/// A callback may start or drop timers, so nothing is borrowed while it runs.
fn run_due() {
    let now = elapsed();
    let due: Vec<Rc<Timer>> = TIMERS.with_borrow_mut(|timers| {
        let mut due = Vec::new();
        timers.retain(|timer| match timer.upgrade() {
            Some(timer) if timer.due <= now => {
                due.push(timer);
                false
            }
            timer => timer.is_some(),
        });
        due
    });
    set_timeout();
    for timer in due {
        // An earlier callback of this round may have dropped the timer.
        if Rc::strong_count(&timer) > 1 {
            (timer.callback)();
        }
    }
}

/// Stops every timer of the page after a panic.
#[cfg(feature = "element")]
pub(crate) fn stop_all() {
    let _ = TIMERS.with(|timers| timers.try_borrow_mut().map(|mut timers| timers.clear()));
    let _ = TIMEOUT.with(|timeout| timeout.try_borrow_mut().map(|mut timeout| timeout.take()));
}
