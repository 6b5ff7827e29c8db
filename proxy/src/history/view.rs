//! What a reader gets of the history.

use super::memory::Memory;
use super::rules;
use airalo_balance::model::Currency;
use airalo_balance::model::date::DAY;
use airalo_balance::model::history::{Credit, Day, Forecast, Sample, credits, days, forecast, thin};

const HOUR: i64 = 3_600;

/// As many as a picture can show.
const MOST_POINTS: usize = 200;

/// With more of them the latest ones count.
const MOST_CREDITS: usize = 100;

/// What a view is made of. Two with the same id are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ViewId {
    pub(crate) days: u32,
    revision: u64,
    /// The time of the latest sample, or the last full hour if that is later.
    to: i64,
    is_incomplete: bool,
    is_invented: bool,
}

/// The history of some days.
#[derive(Clone, Debug)]
pub(crate) struct HistoryView {
    /// `None` as long as there was no balance.
    pub(crate) currency: Option<Currency>,
    pub(crate) points: Vec<Sample>,
    pub(crate) credits: Vec<Credit>,
    pub(crate) days: Vec<Day>,
    pub(crate) forecast: Option<Forecast>,
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// Samples may be missing.
    pub(crate) is_incomplete: bool,
    /// Nobody has read these samples from Airalo.
    pub(crate) is_invented: bool,
}

impl ViewId {
    pub(super) fn new(memory: &Memory, days: u32, now: i64, is_invented: bool) -> Self {
        let samples = memory.primary_samples().unwrap_or_default();
        let latest = rules::until(&samples, now).0.last();
        let hour = now - now.rem_euclid(HOUR);
        Self {
            days,
            revision: memory.revision,
            to: latest.map_or(hour, |latest| latest.at.max(hour)),
            is_incomplete: memory.is_incomplete(),
            is_invented,
        }
    }

    fn from(&self) -> i64 {
        self.to - i64::from(self.days) * DAY
    }

    /// The samples of these days.
    pub(super) fn within<'a>(&self, samples: &'a [Sample]) -> &'a [Sample] {
        let until = self.until(samples);
        until.split_at(until.partition_point(|sample| sample.at < self.from())).1
    }

    fn until<'a>(&self, samples: &'a [Sample]) -> &'a [Sample] {
        samples.split_at(samples.partition_point(|sample| sample.at <= self.to)).0
    }
}

impl HistoryView {
    pub(super) fn new(id: &ViewId, currency: Option<Currency>, samples: &[Sample]) -> Self {
        let until = id.until(samples);
        let mut credits = credits(until);
        credits.retain(|credit| credit.at >= id.from());
        credits.drain(..credits.len().saturating_sub(MOST_CREDITS));
        // Whole days, today's included.
        let first_day = id.to.div_euclid(DAY) - i64::from(id.days);
        let mut days = days(until);
        days.retain(|day| day.number > first_day);
        Self {
            currency,
            points: thin(id.within(samples), MOST_POINTS),
            credits,
            days,
            forecast: forecast(until, id.to),
            from: id.from(),
            to: id.to,
            is_incomplete: id.is_incomplete,
            is_invented: id.is_invented,
        }
    }
}
