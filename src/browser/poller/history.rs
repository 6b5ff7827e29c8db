//! The history beside the balance: asked for once a balance is shown, and shared as the balance is.

use super::Poller;
use crate::browser::clock::{Timer, call_at, elapsed};
use crate::browser::fetch::{InFlight, Response, Target, request};
use crate::model::history_schedule::HistorySchedule;
use crate::model::schedule::PauseReason;
use std::cell::RefCell;
use std::rc::Rc;

/// Where the history is, for one card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HistoryUrl {
    pub(crate) url: Rc<str>,
    /// The page has set the URL. Otherwise it is asked only if the balance says that there is one.
    pub(crate) is_set: bool,
}

/// What a poller has to do with the history.
#[derive(Default)]
pub(super) struct History {
    schedule: RefCell<HistorySchedule>,
    timer: RefCell<Option<Rc<Timer>>>,
    in_flight: RefCell<Option<InFlight>>,
}

impl History {
    /// Stops the request, if there is one. The next balance asks again.
    pub(super) fn stop(&self) {
        let (timer, in_flight) = (self.timer.take(), self.in_flight.take());
        if timer.is_some() || in_flight.is_some() {
            self.schedule.take();
        }
    }

    /// Stops everything after a panic, which may have left a cell borrowed.
    #[cfg(feature = "element")]
    pub(super) fn abandon(&self) {
        let _ = self.timer.try_borrow_mut().map(|mut timer| timer.take());
        let _ = self.in_flight.try_borrow_mut().map(|mut request| request.take());
    }

    /// Another user is here, whose history is another one.
    pub(super) fn reset(&self) {
        self.stop();
        self.schedule.take();
    }
}

impl Poller {
    /// Asks for the history if it is due. The cards have the balance by now, and the request goes out
    /// in a later task, when it is on the page.
    pub(super) fn ask_for_history(self: &Rc<Self>) {
        let paused = {
            let schedule = self.schedule.borrow();
            let paused = |reason| schedule.is_paused_for(reason);
            schedule.is_in_flight() || paused(PauseReason::Hidden) || paused(PauseReason::Inactive)
        };
        let Some(target) = self.history_target().filter(|_| !paused) else { return };
        let balances: Rc<[_]> = self.state.borrow().state.balances().into();
        if !self.history.schedule.borrow_mut().ask(&balances, elapsed()) {
            return;
        }
        let poller = Rc::downgrade(self);
        let timer = call_at(elapsed(), move || {
            if let Some(poller) = poller.upgrade() {
                poller.send_for_history(&target);
            }
        });
        self.history.timer.replace(Some(timer));
    }

    /// Where to ask for the history of the balance that is shown. An old balance has none.
    fn history_target(&self) -> Option<Target> {
        let state = self.state.borrow();
        let reading = state.state.reading().filter(|_| !state.state.is_stale())?;
        let subscribers = self.subscribers.borrow();
        let mut urls = subscribers.iter().filter_map(|subscriber| subscriber.options.history.as_ref());
        let HistoryUrl { url, .. } = urls.find(|history| history.is_set || reading.history)?;
        Some(Target::new(url, self.target.credentials))
    }

    fn send_for_history(self: &Rc<Self>, target: &Target) {
        self.history.timer.take();
        let (headers, timeout, poller) = (self.headers.borrow().clone(), self.timeout(), Rc::downgrade(self));
        let on_response = Box::new(move |response| {
            if let Some(poller) = poller.upgrade() {
                poller.handle_history(&response);
            }
        });
        // Without a request there is no history, which is no error of the card.
        self.history.in_flight.replace(request(target, headers, timeout, None, on_response).ok());
    }

    fn handle_history(self: &Rc<Self>, response: &Response) {
        self.history.in_flight.take();
        match response.history() {
            Ok(history) => {
                self.state.borrow_mut().history = history.map(Rc::new);
                self.publish();
            }
            Err(error) => {
                if let Some(pause) = error.retry_after {
                    self.history.schedule.borrow_mut().refused(pause, elapsed());
                }
            }
        }
    }
}
