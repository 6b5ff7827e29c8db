//! The time of day, the time that only runs forward, and the one timer of the page.

use crate::model::schedule::Millis;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// Browsers count a delay in 31 bits and ring at once beyond that.
const LONGEST_DELAY: Millis = 0x7fff_ffff;

/// Milliseconds since 1970, as the reader's clock has it: right or wrong, and free to jump.
pub(crate) fn time_of_day() -> Millis {
    js_sys::Date::now() as Millis
}

/// A moment of `performance.now()`, on the clock of [`elapsed`].
pub(crate) fn since_navigation(at: f64) -> Millis {
    elapsed() - (monotonic() - at) as Millis
}

fn monotonic() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or_else(js_sys::Date::now, |p| p.now())
}

/// Milliseconds on a clock that never goes back and never sleeps.
///
/// `performance.now()` stands still on some machines while they are suspended, and the time of
/// day can be set; this clock follows whichever of the two has moved further.
/// A reader's clock that is set ahead makes one request too many, and nothing worse.
pub(crate) fn elapsed() -> Millis {
    thread_local! {
        static LAST: Cell<[f64; 3]> = const { Cell::new([0.0; 3]) };
    }
    let (monotonic, time_of_day) = (monotonic(), js_sys::Date::now());
    let [last_monotonic, last_time_of_day, last] = LAST.get();
    let now = if last == 0.0 {
        // Any beginning will do, as long as it leaves room for what came before it.
        time_of_day
    } else {
        last + (monotonic - last_monotonic).max(time_of_day - last_time_of_day).max(0.0)
    };
    LAST.set([monotonic, time_of_day, now]);
    now as Millis
}

/// A number from 0 to 1, to spread the requests of many pages.
pub(crate) fn roll() -> f64 {
    js_sys::Math::random()
}

/// Rings once when its time has come, unless dropped before.
#[must_use = "an alarm that is dropped does not ring"]
pub(crate) struct Alarm {
    due: Millis,
    ring: Box<dyn Fn()>,
}

thread_local! {
    /// All that is to ring; one timer, set for the first of them, serves the whole page.
    static ALARMS: RefCell<Vec<Weak<Alarm>>> = const { RefCell::new(Vec::new()) };
    static TIMER: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

/// Sets an alarm for a moment of [`elapsed`].
pub(crate) fn ring_at(due: Millis, ring: impl Fn() + 'static) -> Rc<Alarm> {
    let alarm = Rc::new(Alarm { due, ring: Box::new(ring) });
    ALARMS.with_borrow_mut(|alarms| alarms.push(Rc::downgrade(&alarm)));
    set_timer();
    alarm
}

fn set_timer() {
    let first = ALARMS.with_borrow_mut(|alarms| {
        alarms.retain(|alarm| alarm.strong_count() > 0);
        alarms.iter().filter_map(|alarm| Some(alarm.upgrade()?.due)).min()
    });
    let timer = first.map(|due| {
        let delay = (due - elapsed()).clamp(0, LONGEST_DELAY);
        Timeout::new(u32::try_from(delay).unwrap_or(0), ring_what_is_due)
    });
    TIMER.set(timer);
}

/// An alarm may set others or drop them; nothing is borrowed while it rings.
fn ring_what_is_due() {
    let now = elapsed();
    let due: Vec<Rc<Alarm>> = ALARMS.with_borrow_mut(|alarms| {
        let mut due = Vec::new();
        alarms.retain(|alarm| match alarm.upgrade() {
            Some(alarm) if alarm.due <= now => {
                due.push(alarm);
                false
            }
            alarm => alarm.is_some(),
        });
        due
    });
    set_timer();
    for alarm in due {
        // One that was dropped by an earlier one of this round is held by nobody but us.
        if Rc::strong_count(&alarm) > 1 {
            (alarm.ring)();
        }
    }
}

/// Silences every alarm of the page, after a panic.
pub(crate) fn abandon() {
    let _ = ALARMS.with(|alarms| alarms.try_borrow_mut().map(|mut alarms| alarms.clear()));
    let _ = TIMER.with(|timer| timer.try_borrow_mut().map(|mut timer| timer.take()));
}
