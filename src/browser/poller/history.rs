//! The history beside the balance: asked for once a balance is shown, and shared as the balance is.

use super::Poller;
use crate::browser::clock::{Timer, call_at, elapsed};
use crate::browser::fetch::{InFlight, Response, Target, request};
use crate::model::history_schedule::{HistorySchedule, Subject};
use crate::model::schedule::PauseReason;
use crate::model::{HistoryResponse, Reading};
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
    /// What the history that is shown is about.
    shown: RefCell<Option<Subject>>,
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
        self.shown.take();
    }
}

impl Poller {
    /// Asks for the history if it is due. The cards have the balance by now, and the request goes out
    /// in a later task, when it is on the page.
    pub(super) fn ask_for_history(self: &Rc<Self>) {
        let is_busy = {
            let schedule = self.schedule.borrow();
            let paused = |reason| schedule.is_paused_for(reason);
            schedule.is_in_flight() || paused(PauseReason::Hidden) || paused(PauseReason::Inactive)
        };
        // An old balance has no history of its own.
        let Some(reading) = self.fresh_reading().filter(|_| !is_busy) else { return };
        let Some(url) = self.history_url(&reading) else { return self.forget_history() };
        if self.history.shown.borrow().as_ref().is_some_and(|shown| shown.url != url) {
            self.forget_history();
        }
        let subject = Subject { url, balances: reading.balances };
        if !self.history.schedule.borrow_mut().ask(&subject, elapsed()) {
            if self.history.schedule.borrow().is_refused(elapsed()) {
                self.forget_outdated_forecast(&subject);
            }
            return;
        }
        let poller = Rc::downgrade(self);
        let timer = call_at(elapsed(), move || {
            if let Some(poller) = poller.upgrade() {
                poller.send_for_history(&subject);
            }
        });
        self.history.timer.replace(Some(timer));
    }

    fn fresh_reading(&self) -> Option<Reading> {
        let state = &self.state.borrow().state;
        state.reading().filter(|_| !state.is_stale()).cloned()
    }

    /// Where the history of this balance is, if there is one.
    fn history_url(&self, reading: &Reading) -> Option<Rc<str>> {
        let subscribers = self.subscribers.borrow();
        let mut urls = subscribers.iter().filter_map(|subscriber| subscriber.options.history.as_ref());
        Some(urls.find(|history| history.is_set || reading.history)?.url.clone())
    }

    fn send_for_history(self: &Rc<Self>, subject: &Subject) {
        self.history.timer.take();
        let target = Target::new(&subject.url, None, self.target.credentials);
        let (headers, timeout) = (self.headers.borrow().clone(), self.timeout());
        let (poller, subject) = (Rc::downgrade(self), subject.clone());
        let on_response = Box::new(move |response| {
            if let Some(poller) = poller.upgrade() {
                poller.handle_history(&response, subject);
            }
        });
        // Without a request there is no history, which is no error of the card.
        self.history.in_flight.replace(request(&target, headers, timeout, None, on_response).ok());
    }

    fn handle_history(self: &Rc<Self>, response: &Response, subject: Subject) {
        self.history.in_flight.take();
        match response.history() {
            Ok(history) => {
                self.state.borrow_mut().history = history.map(Rc::new);
                self.history.shown.replace(Some(subject));
                self.publish();
            }
            Err(error) => {
                self.history.schedule.borrow_mut().failed(error.retry_after, elapsed());
                self.forget_outdated_forecast(&subject);
            }
        }
    }

    fn forget_history(self: &Rc<Self>) {
        self.history.shown.take();
        if self.state.borrow_mut().history.take().is_some() {
            self.publish();
        }
    }

    /// The history of this subject cannot be had now. The line of the last days is still true, and so is
    /// the warning, unless somebody has topped up.
    fn forget_outdated_forecast(self: &Rc<Self>, subject: &Subject) {
        let shown = self.history.shown.borrow().clone();
        if !shown.is_some_and(|shown| subject.has_more_credit_than(&shown)) {
            return;
        }
        let known = self.state.borrow().history.clone().filter(|history| history.forecast.is_some());
        if let Some(history) = known {
            self.state.borrow_mut().history =
                Some(Rc::new(HistoryResponse { forecast: None, ..HistoryResponse::clone(&history) }));
            self.publish();
        }
    }
}
