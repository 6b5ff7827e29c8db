//! When to ask for the history: with a balance, never before it, and seldom.

use super::response::Balance;
use super::schedule::Millis;
use std::rc::Rc;

/// A history that was asked for less than this ago is new enough, unless the balance has changed.
const INTERVAL: Millis = 5 * 60_000;

/// Remembers for which balances the history was asked for.
#[derive(Clone, Debug, Default)]
pub struct HistorySchedule {
    asked: Option<(Millis, Rc<[Balance]>)>,
    /// The server wants to be left alone until then.
    not_before: Option<Millis>,
}

impl HistorySchedule {
    /// Whether to ask now that these are the balances. If so, it counts as asked.
    pub fn ask(&mut self, balances: &Rc<[Balance]>, now: Millis) -> bool {
        if self.not_before.is_some_and(|at| now < at) {
            return false;
        }
        let is_known =
            self.asked.as_ref().is_some_and(|(at, before)| before == balances && now - at < INTERVAL);
        if !is_known {
            self.asked = Some((now, balances.clone()));
        }
        !is_known
    }

    /// The server has refused, and wants to be left alone for this long.
    pub const fn refused(&mut self, retry_after: Millis, now: Millis) {
        self.not_before = Some(now + retry_after);
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::Currency;

    fn balances(amount: &str) -> Rc<[Balance]> {
        let amount = amount.parse().unwrap();
        [Balance { name: String::new(), amount, currency: Currency::new("USD").unwrap() }].into()
    }

    #[test]
    fn a_refresh_that_changes_nothing_asks_at_most_every_five_minutes() {
        let mut schedule = HistorySchedule::default();
        let mut ask = |now| schedule.ask(&balances("5"), now);
        assert!(ask(0));
        assert!(!ask(10_000) && !ask(INTERVAL - 1));
        assert!(ask(INTERVAL));
        assert!(!ask(INTERVAL + 1));
    }

    #[test]
    fn a_balance_that_has_changed_asks_at_once() {
        let mut schedule = HistorySchedule::default();
        assert!(schedule.ask(&balances("5"), 0));
        assert!(schedule.ask(&balances("4"), 10_000));
        assert!(!schedule.ask(&balances("4"), 20_000));
    }

    #[test]
    fn a_server_that_wants_to_be_left_alone_is_left_alone_even_by_a_change() {
        let mut schedule = HistorySchedule::default();
        assert!(schedule.ask(&balances("5"), 0));
        schedule.refused(30_000, 1_000);
        assert!(!schedule.ask(&balances("4"), 30_999));
        assert!(schedule.ask(&balances("4"), 31_000));
    }
}
