//! When to ask Airalo, and what to answer meanwhile. Nothing here waits, and time is an argument.
//!
//! A balance ages by a clock that nobody sets. On some systems that clock stands still while the
//! machine sleeps; the time that is shown with a balance is the calendar's, and stays true.

use crate::problem::Refusal;
use airalo_balance::model::{Balance, Problem};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Whatever Airalo asks for: sooner would be rude, and later would leave a card blind for long.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// The two promises to the card.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// For how long a balance counts as fresh.
    pub(crate) ttl: Duration,
    /// For how long an old one is better than none.
    pub(crate) max_stale: Duration,
}

/// A balance on its way to a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Served {
    pub(crate) balances: Arc<[Balance]>,
    /// When Airalo said so.
    pub(crate) fetched_at: Timestamp,
    /// Whether a newer one was wanted and could not be had.
    pub(crate) stale: bool,
}

/// What to do for a caller at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Answer with this.
    Serve(Served),
    /// Answer with that.
    Refuse(Refusal),
    /// Ask Airalo.
    Fetch,
}

/// The last balance and the trouble since, if any.
#[derive(Debug)]
pub(crate) struct Cache {
    rules: Rules,
    kept: Option<Kept>,
    trouble: Option<Trouble>,
}

#[derive(Debug)]
struct Kept {
    balances: Arc<[Balance]>,
    fetched_at: Timestamp,
    since: Instant,
}

#[derive(Debug)]
struct Trouble {
    problem: Problem,
    /// How often in a row.
    times: u32,
    until: Instant,
}

impl Cache {
    pub(crate) const fn new(rules: Rules) -> Self {
        Self { rules, kept: None, trouble: None }
    }

    /// What to do for a caller who comes now.
    pub(crate) fn look(&self, now: Instant) -> Look {
        if let Some(fresh) = self.kept.as_ref().filter(|kept| kept.age(now) < self.rules.ttl) {
            return Look::Serve(fresh.serve(false));
        }
        match &self.trouble {
            Some(trouble) if now < trouble.until => self.make_do(trouble, now),
            _ => Look::Fetch,
        }
    }

    /// The last balance if it is not too old, else the trouble.
    fn make_do(&self, trouble: &Trouble, now: Instant) -> Look {
        match self.kept.as_ref().filter(|kept| kept.age(now) < self.rules.max_stale) {
            Some(kept) => Look::Serve(kept.serve(true)),
            None => {
                let wait = trouble.until.saturating_duration_since(now);
                Look::Refuse(Refusal { problem: trouble.problem, retry_after: Some(wait) })
            }
        }
    }

    /// Airalo answered. Gives the answer for everybody who waited for it, however short the time
    /// for which it counts as fresh. The moment of `wall` is only shown, never compared.
    pub(crate) fn succeeded(&mut self, balances: Vec<Balance>, now: Instant, wall: Timestamp) -> Served {
        self.trouble = None;
        let kept = Kept { balances: balances.into(), fetched_at: wall, since: now };
        let served = kept.serve(false);
        self.kept = Some(kept);
        served
    }

    /// Airalo failed. Gives what those who waited get instead, and the pause until the next try.
    pub(crate) fn failed(
        &mut self,
        problem: Problem,
        asked_for: Option<Duration>,
        least: Duration,
        now: Instant,
    ) -> (Look, Duration) {
        let times = self.trouble.as_ref().map_or(0, |trouble| trouble.times).saturating_add(1);
        // What Airalo asks for counts, but an outage that asks for no time at all is still met with
        // longer and longer pauses.
        let asked_for = asked_for.map(|asked_for| asked_for.max(backoff(Problem::Upstream, times)));
        let pause = asked_for.unwrap_or_else(|| backoff(problem, times)).max(least);
        let pause = pause.clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
        let trouble = Trouble { problem, times, until: now + pause };
        let look = self.make_do(&trouble, now);
        self.trouble = Some(trouble);
        (look, pause)
    }

    /// How many times in a row Airalo has failed.
    pub(crate) fn failures(&self) -> u32 {
        self.trouble.as_ref().map_or(0, |trouble| trouble.times)
    }
}

impl Kept {
    fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.since)
    }

    fn serve(&self, stale: bool) -> Served {
        Served { balances: self.balances.clone(), fetched_at: self.fetched_at, stale }
    }
}

/// The pause after so many failures in a row: twice as long each time, up to an end.
///
/// What only a person can mend starts at a minute, and is still looked at every five.
fn backoff(problem: Problem, times: u32) -> Duration {
    let (first, last) = match problem {
        Problem::CredentialsRefused | Problem::AddressRefused => (60, 300),
        Problem::RateLimited => (15, 300),
        _ => (1, 60),
    };
    Duration::from_secs(first << times.saturating_sub(1).min(16)).min(Duration::from_secs(last))
}

#[cfg(test)]
mod tests;
