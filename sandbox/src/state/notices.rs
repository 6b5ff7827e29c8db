//! The notice of used credit: who has opted in, and which level is passed.

use crate::cents::Cents;
use crate::webhook::{LoopbackUrl, Webhook};

/// The levels that Airalo documents, in per cent of the credit that is used.
pub(crate) const LEVELS: [u8; 4] = [50, 70, 80, 90];

/// Where the notice is sent, and at which levels.
#[derive(Clone, Debug)]
pub(crate) struct OptIn {
    pub(crate) url: LoopbackUrl,
    pub(crate) levels: Vec<u8>,
}

/// What the limit of a prepaid account is, Airalo does not say. Here it is the balance after the latest
/// top-up, and with it all levels can be passed again.
#[derive(Debug)]
pub(super) struct Notices {
    opt_in: Option<OptIn>,
    limit: Cents,
    balance: Cents,
    /// The highest level that was passed since the top-up, whether or not somebody was told.
    passed: u8,
}

impl Notices {
    pub(super) const fn new(balance: Cents) -> Self {
        Self { opt_in: None, limit: balance, balance, passed: 0 }
    }

    pub(super) const fn opt_in(&self) -> Option<&OptIn> {
        self.opt_in.as_ref()
    }

    /// Levels that were passed before are not reported.
    pub(super) fn set_opt_in(&mut self, opt_in: Option<OptIn>) {
        self.opt_in = opt_in;
    }

    /// Takes the new balance. Returns the notice that is to be sent, if a level is passed: of several
    /// levels that one order passes, that of the highest.
    pub(super) fn balance_changed(&mut self, balance: Cents) -> Option<Webhook> {
        let has_risen = balance > std::mem::replace(&mut self.balance, balance);
        if has_risen {
            (self.limit, self.passed) = (balance, 0);
            return None;
        }
        let used = self.used_per_cent();
        let is_passed = |level: &u8| i128::from(*level) <= used && *level > self.passed;
        let highest = LEVELS.into_iter().filter(is_passed).max()?;
        let opted_in = self.opt_in.as_ref().map(|opt_in| {
            let level = opt_in.levels.iter().copied().filter(is_passed).max();
            level.map(|level| Webhook::of_used_credit(opt_in.url.clone(), level, balance))
        });
        self.passed = highest;
        opted_in.flatten()
    }

    fn used_per_cent(&self) -> i128 {
        let (limit, balance) = (i128::from(self.limit.get()), i128::from(self.balance.get()));
        if limit > 0 { (limit - balance) * 100 / limit } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opted_in(levels: &[u8]) -> Notices {
        let mut notices = Notices::new(Cents::new(10_000));
        let url = LoopbackUrl::parse("http://127.0.0.1:1/").unwrap();
        notices.set_opt_in(Some(OptIn { url, levels: levels.to_vec() }));
        notices
    }

    fn body_at(notices: &mut Notices, cents: i64) -> Option<String> {
        notices.balance_changed(Cents::new(cents)).map(|webhook| webhook.body)
    }

    #[test]
    fn each_level_is_reported_once_when_so_much_is_used_and_again_after_a_top_up() {
        let mut notices = opted_in(&LEVELS);
        assert_eq!(body_at(&mut notices, 5001), None);
        let expected = r#"{"message":"Surpassed 50% of the credit limit balance","remaining":49.5}"#;
        assert_eq!(body_at(&mut notices, 4950).as_deref(), Some(expected));
        assert_eq!(body_at(&mut notices, 4900), None);
        assert!(body_at(&mut notices, 1500).unwrap().contains(" 80%"), "the highest of two levels");
        assert!(body_at(&mut notices, -100).unwrap().contains(" 90%"));
        assert_eq!(body_at(&mut notices, 20_000), None);
        assert!(body_at(&mut notices, 9000).unwrap().contains(" 50%"));
    }

    #[test]
    fn only_the_levels_that_were_opted_in_to_are_reported() {
        let mut notices = opted_in(&[80]);
        assert_eq!(body_at(&mut notices, 2500), None);
        assert!(body_at(&mut notices, 500).unwrap().contains(" 80%"));
        notices.set_opt_in(None);
        notices.balance_changed(Cents::new(10_000));
        assert_eq!(body_at(&mut notices, 0), None);
    }

    #[test]
    fn an_account_without_credit_passes_no_level() {
        let mut notices = Notices::new(Cents::new(0));
        assert_eq!(body_at(&mut notices, -100), None);
    }
}
