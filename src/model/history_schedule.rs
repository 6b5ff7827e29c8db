//! When to ask for the history: with a balance, never before it, and seldom.

use super::response::Balance;
use super::schedule::Millis;
use std::rc::Rc;

/// A history that was asked for less than this ago is new enough, unless the balance has changed.
const INTERVAL: Millis = 5 * 60_000;

/// The same after a failure.
const PAUSE_AFTER_FAILURE: Millis = 60_000;

/// Remembers where and for which balances the history was asked for.
#[derive(Clone, Debug, Default)]
pub struct HistorySchedule {
    asked: Option<Asked>,
    /// The server wants to be left alone until then.
    not_before: Option<Millis>,
}

#[derive(Clone, Debug)]
struct Asked {
    subject: Subject,
    at: Millis,
    has_failed: bool,
}

/// What a history is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Where it is.
    pub url: Rc<str>,
    /// The balances that it was asked for.
    pub balances: Rc<[Balance]>,
}

impl Subject {
    /// Whether there is more credit than in the earlier subject. A forecast from before a top-up says
    /// nothing about the credit after it.
    #[must_use]
    pub fn has_more_credit_than(&self, earlier: &Self) -> bool {
        match (&*self.balances, &*earlier.balances) {
            ([now], [before]) => now.currency != before.currency || now.amount > before.amount,
            _ => self.balances != earlier.balances,
        }
    }
}

impl HistorySchedule {
    /// Whether to ask for the history of this subject now. If so, it counts as asked.
    pub fn ask(&mut self, subject: &Subject, now: Millis) -> bool {
        if self.is_refused(now) {
            return false;
        }
        let is_known = self.asked.as_ref().is_some_and(|asked| {
            let pause = if asked.has_failed { PAUSE_AFTER_FAILURE } else { INTERVAL };
            asked.subject == *subject && now - asked.at < pause
        });
        if !is_known {
            self.asked = Some(Asked { subject: subject.clone(), at: now, has_failed: false });
        }
        !is_known
    }

    /// The last request has failed. The server may want to be left alone for some time.
    pub const fn failed(&mut self, retry_after: Option<Millis>, now: Millis) {
        if let Some(asked) = &mut self.asked {
            asked.has_failed = true;
        }
        if let Some(pause) = retry_after {
            self.not_before = Some(now + pause);
        }
    }

    /// Whether the server wants to be left alone.
    #[must_use]
    pub fn is_refused(&self, now: Millis) -> bool {
        self.not_before.is_some_and(|at| now < at)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::Currency;

    fn subject(url: &str, amount: &str) -> Subject {
        let amount = amount.parse().unwrap();
        let balance = Balance { name: String::new(), amount, currency: Currency::new("USD").unwrap() };
        Subject { url: url.into(), balances: [balance].into() }
    }

    #[test]
    fn a_refresh_that_changes_nothing_asks_at_most_every_five_minutes() {
        let mut schedule = HistorySchedule::default();
        let mut ask = |now| schedule.ask(&subject("/a", "5"), now);
        assert!(ask(0));
        assert!(!ask(10_000) && !ask(INTERVAL - 1));
        assert!(ask(INTERVAL));
        assert!(!ask(INTERVAL + 1));
    }

    #[test]
    fn a_balance_or_an_address_that_has_changed_asks_at_once() {
        let mut schedule = HistorySchedule::default();
        assert!(schedule.ask(&subject("/a", "5"), 0));
        assert!(schedule.ask(&subject("/a", "4"), 10_000));
        assert!(!schedule.ask(&subject("/a", "4"), 20_000));
        assert!(schedule.ask(&subject("/b", "4"), 20_000));
    }

    #[test]
    fn after_a_failure_it_asks_again_after_a_minute() {
        let mut schedule = HistorySchedule::default();
        assert!(schedule.ask(&subject("/a", "5"), 0));
        schedule.failed(None, 1_000);
        assert!(!schedule.ask(&subject("/a", "5"), PAUSE_AFTER_FAILURE - 1));
        assert!(schedule.ask(&subject("/a", "5"), PAUSE_AFTER_FAILURE));
        assert!(!schedule.ask(&subject("/a", "5"), 2 * PAUSE_AFTER_FAILURE), "this one has not failed");
    }

    #[test]
    fn a_server_that_wants_to_be_left_alone_is_left_alone_even_by_a_change() {
        let mut schedule = HistorySchedule::default();
        assert!(schedule.ask(&subject("/a", "5"), 0));
        schedule.failed(Some(30_000), 1_000);
        assert!(!schedule.ask(&subject("/a", "4"), 30_999));
        assert!(schedule.ask(&subject("/a", "4"), 31_000));
    }

    #[test]
    fn a_top_up_is_more_credit_and_an_order_is_not() {
        let before = subject("/a", "20");
        assert!(subject("/a", "5000").has_more_credit_than(&before));
        assert!(!subject("/a", "20").has_more_credit_than(&before));
        assert!(!subject("/a", "19.99").has_more_credit_than(&before));
        let several =
            Subject { balances: [&*before.balances, &*before.balances].concat().into(), ..before.clone() };
        assert!(several.has_more_credit_than(&before));
    }
}
