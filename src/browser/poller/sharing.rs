//! What a poller has to do with the other tabs of the site.

use super::Poller;
use crate::browser::clock::elapsed;
use crate::browser::fetch::{Response, TabReading, Target};
use crate::browser::tabs::TabGroup;
use crate::model::Reading;
use crate::model::schedule::{Event, Millis};
use std::rc::Rc;

impl Poller {
    /// Joins the tabs with the same target and interval. A tab that makes no automatic requests
    /// has no interval here and leaves them: it must not lead tabs that would.
    ///
    /// A page with headers of its own may be asking for another user, so it shares nothing.
    pub(super) fn join_tabs(self: &Rc<Self>, interval: Option<Millis>) {
        let Target { url, credentials } = &self.target;
        let name = interval
            .filter(|_| self.headers.borrow().is_none())
            .map(|interval| format!("airalo-balance {} {interval} {url}", credentials.as_str()));
        if self.tabs.borrow().as_ref().map(TabGroup::name) == name.as_deref() {
            return;
        }
        let tabs = name.map(|name| {
            let (receiver, leader) = (Rc::downgrade(self), Rc::downgrade(self));
            let on_response = move |response: Response, reading| {
                if let Some(poller) = receiver.upgrade() {
                    poller.receive(&response, reading);
                }
            };
            let on_lead = move || {
                if let Some(poller) = leader.upgrade() {
                    poller.set_follower(false);
                    poller.publish();
                }
            };
            TabGroup::join(name, on_response, on_lead)
        });
        let may_follow = tabs.as_ref().is_some_and(TabGroup::may_follow);
        self.tabs.replace(tabs);
        self.set_follower(may_follow);
    }

    fn set_follower(self: &Rc<Self>, follower: bool) {
        self.schedule.borrow_mut().set_follower(follower);
        self.handle(Event::Due);
    }

    /// Sends a response to the other tabs, with the reading that it holds.
    pub(super) fn share(&self, response: &Response, reading: Option<&Reading>) {
        if let Some(tabs) = self.tabs.borrow().as_ref() {
            let age = reading.and_then(|reading| reading.age(elapsed()));
            let stale = reading.is_some_and(|reading| reading.stale);
            tabs.share(response, TabReading { age, stale });
        }
    }

    /// Another tab shares its response. While a request of this tab is in flight it is ignored,
    /// because that response will be newer.
    fn receive(self: &Rc<Self>, response: &Response, reading: TabReading) {
        if self.schedule.borrow().is_in_flight() {
            return;
        }
        let reading = response.reading(&mut self.server_clock.borrow_mut(), Some(reading));
        match reading {
            Ok(reading) => {
                self.set_reading(reading);
                self.handle_and_publish(Event::Received);
            }
            Err(error) => {
                let retry_after = error.retry_after;
                self.set_error(error);
                self.handle_and_publish(Event::LeaderFailed { retry_after });
            }
        }
    }
}
