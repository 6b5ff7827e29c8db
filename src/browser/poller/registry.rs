//! The pollers of the page.

use super::Poller;
use crate::browser::clock::elapsed;
use crate::browser::fetch::Target;
use crate::browser::headers::Headers;
use crate::model::PollState;
use crate::model::schedule::Millis;
use std::cell::RefCell;
use std::rc::Rc;

/// How long a poller without subscribers is kept. A card that comes within this time starts with
/// its balance, and obeys its backoff.
const MEMORY: Millis = 60_000;

/// How many pollers without subscribers are kept.
const MOST_KEPT: usize = 8;

thread_local! {
    static POLLERS: RefCell<Vec<Rc<Poller>>> = const { RefCell::new(Vec::new()) };
}

/// The poller of this target and these headers, or a new one.
pub(super) fn find_or_insert(
    target: &Target,
    headers: Option<&Headers>,
    create: impl FnOnce() -> Poller,
) -> Rc<Poller> {
    find(target, headers).unwrap_or_else(|| {
        let poller = Rc::new(create());
        POLLERS.with_borrow_mut(|pollers| {
            forget_old(pollers);
            pollers.push(poller.clone());
        });
        poller
    })
}

/// What the page knows of this target already.
pub(crate) fn known(target: &Target, headers: Option<&Headers>) -> Option<PollState> {
    let state = find(target, headers)?.state.borrow().clone();
    state.state.reading().is_some().then_some(state)
}

/// Every poller of this URL, also those that no card is subscribed to.
pub(super) fn of_url(url: &str) -> Vec<Rc<Poller>> {
    let mut pollers = POLLERS.with_borrow(Clone::clone);
    pollers.retain(|poller| poller.target.url == url);
    pollers
}

/// Stops every poller of the page after a panic. A panic may leave a cell borrowed for ever, and
/// such a cell is skipped.
#[cfg(feature = "element")]
pub(crate) fn stop_all() {
    let pollers = POLLERS.with(|pollers| pollers.try_borrow_mut().map(|mut all| std::mem::take(&mut *all)));
    for poller in pollers.unwrap_or_default() {
        let _ = poller.subscribers.try_borrow_mut().map(|mut subscribers| subscribers.clear());
        let _ = poller.timer.try_borrow_mut().map(|mut timer| timer.take());
        let _ = poller.in_flight.try_borrow_mut().map(|mut request| request.take());
        poller.history.abandon();
        let _ = poller.tabs.try_borrow_mut().map(|mut tabs| tabs.take());
        let _ = poller.page.try_borrow_mut().map(|mut page| page.take());
    }
}

fn find(target: &Target, headers: Option<&Headers>) -> Option<Rc<Poller>> {
    // Headers are compared while nothing is borrowed, because that may call code of the page.
    let pollers = POLLERS.with_borrow(Clone::clone);
    pollers.into_iter().find(|poller| {
        let own = poller.headers.borrow().clone();
        poller.target == *target && !is_old(poller) && own.as_ref() == headers
    })
}

fn is_old(poller: &Poller) -> bool {
    poller.left_at.get().is_some_and(|left_at| elapsed() - left_at > MEMORY)
}

fn forget_old(pollers: &mut Vec<Rc<Poller>>) {
    pollers.retain(|poller| !is_old(poller));
    let mut surplus = pollers.iter().filter(|poller| poller.left_at.get().is_some()).count();
    // The first ones are the oldest.
    pollers.retain(|poller| {
        let forget = surplus > MOST_KEPT && poller.left_at.get().is_some();
        surplus -= usize::from(forget);
        !forget
    });
}
