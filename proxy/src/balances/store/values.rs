//! The JSON of what is stored. Replicas of different versions may run side by side during a
//! rollout, so each value names its version, and one of another version counts as absent.

use crate::balances::core::SharedFailure;
use airalo_balance::model::{Balance, Currency, Problem};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

const VERSION: u32 = 1;

/// `keep` is the lifetime of the key at the start. With what is left of it, it tells the age.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct StoredBalances {
    version: u32,
    keep: Duration,
    balances: Vec<StoredBalance>,
}

#[derive(Debug, Deserialize, Serialize)]
struct StoredBalance {
    name: String,
    /// As text, with every digit.
    amount: String,
    currency: String,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct StoredFailure {
    version: u32,
    keep: Duration,
    problem: String,
    failures: u32,
}

impl StoredBalances {
    pub(super) fn new(balances: &[Balance], keep: Duration) -> Self {
        let balances = balances.iter().map(|balance| StoredBalance {
            name: balance.name.clone(),
            amount: balance.amount.to_string(),
            currency: balance.currency.code().to_owned(),
        });
        Self { version: VERSION, keep, balances: balances.collect() }
    }

    pub(super) fn into_parts(self) -> Option<(Arc<[Balance]>, Duration)> {
        let balances = self.balances.into_iter().map(|stored| {
            Some(Balance {
                name: stored.name,
                amount: stored.amount.parse().ok()?,
                currency: Currency::new(&stored.currency)?,
            })
        });
        let balances = balances.collect::<Option<_>>()?;
        (self.version == VERSION).then_some((balances, self.keep))
    }
}

impl StoredFailure {
    pub(super) fn new(failure: &SharedFailure, keep: Duration) -> Self {
        let problem = failure.problem.as_str().to_owned();
        Self { version: VERSION, keep, problem, failures: failure.failures }
    }

    pub(super) fn into_parts(self) -> Option<(Problem, u32, Duration)> {
        let problem = Problem::ALL.into_iter().find(|problem| problem.as_str() == self.problem)?;
        (self.version == VERSION).then_some((problem, self.failures, self.keep))
    }
}

/// No value here can fail to be written. An empty one would be read as absent.
pub(super) fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

pub(super) fn from_json<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    serde_json::from_slice(json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEEP: Duration = Duration::from_secs(3600);

    #[test]
    fn balances_are_read_as_they_were_written_with_every_digit() {
        let balance = Balance {
            name: "a \"name\"".to_owned(),
            amount: "-12345678901234567.89".parse().unwrap(),
            currency: Currency::new("USD").unwrap(),
        };
        let json = to_json(&StoredBalances::new(std::slice::from_ref(&balance), KEEP));
        let (balances, keep) = from_json::<StoredBalances>(&json).unwrap().into_parts().unwrap();
        assert_eq!((&*balances, keep), (&[balance][..], KEEP));
    }

    #[test]
    fn every_problem_is_read_as_it_was_written() {
        for problem in Problem::ALL {
            let failure = SharedFailure { problem, failures: 3, retry_in: KEEP };
            let json = to_json(&StoredFailure::new(&failure, KEEP));
            assert_eq!(from_json::<StoredFailure>(&json).unwrap().into_parts(), Some((problem, 3, KEEP)));
        }
    }

    #[test]
    fn what_another_version_has_written_or_nobody_counts_as_absent() {
        let json = to_json(&StoredBalances { version: 2, keep: KEEP, balances: Vec::new() });
        assert!(from_json::<StoredBalances>(&json).unwrap().into_parts().is_none());
        for json in ["", "{}", "[]", r#"{"version":1,"keep":3,"balances":[]}"#] {
            assert!(from_json::<StoredBalances>(json.as_bytes()).is_none(), "{json}");
        }
    }
}
