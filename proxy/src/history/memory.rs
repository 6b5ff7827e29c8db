//! The samples in memory: what the store has, and what it does not have yet.
//!
//! Readers are answered from here, so that none waits for a disk or for Redis.

use super::growth::{Growth, growth};
use super::rules;
use super::store::{Entry, Mark, Series};
use airalo_balance::model::Balance;
use airalo_balance::model::date::DAY;
use airalo_balance::model::history::{Forecast, Sample};
use std::collections::{BTreeSet, VecDeque};
use std::ops::Deref;
use std::sync::Arc;

/// How many samples wait for a store that takes none: a week of one a minute.
const MOST_UNWRITTEN: usize = 10_000;

/// Of how many balances of an account a history is kept. Airalo names one.
pub(super) const MOST_SERIES: usize = 8;

/// Samples of one series, sorted, one of a time at most. Readers share them.
pub(super) type Samples = Arc<Vec<Sample>>;

/// The samples of a series from one of them on.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    samples: Samples,
    from: usize,
}

impl Deref for Part {
    type Target = [Sample];

    fn deref(&self) -> &[Sample] {
        self.samples.get(self.from..).unwrap_or_default()
    }
}

/// The samples of one account.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) account: Arc<str>,
    /// That of the store when it was read. `None` before.
    pub(super) mark: Option<Mark>,
    /// What the history is about.
    pub(super) primary: Option<Series>,
    /// Whether the store has this primary series.
    pub(super) is_primary_written: bool,
    series: Vec<SeriesSamples>,
    /// The balances of the latest reading.
    present: Vec<Series>,
    unwritten: VecDeque<Unwritten>,
    pub(super) read_fails: bool,
    pub(super) write_fails: bool,
    /// Whether the log says that reading or writing fails.
    pub(super) is_failing: bool,
    /// More samples could not be written than are kept in memory.
    pub(super) has_lost: bool,
    pub(super) forecast: Option<Forecast>,
    /// The time of the forecast.
    pub(super) forecast_at: i64,
    /// Changes with what readers are answered.
    pub(super) revision: u64,
    /// The day on which old samples were deleted, in days since 1970.
    pub(super) cleaned_on: Option<i64>,
}

#[derive(Debug)]
struct SeriesSamples {
    series: Series,
    samples: Samples,
}

/// A sample that is not known to be in the store.
#[derive(Debug)]
struct Unwritten {
    entry: Entry,
    /// A write was tried. The store may have the sample although that has failed.
    was_tried: bool,
}

impl Memory {
    /// No samples. The revision is higher than that of those before.
    pub(super) fn new(account: &str, revision: u64) -> Self {
        Self { account: account.into(), revision, ..Self::default() }
    }

    /// All series that are known here, each with the time after which there is nothing in the store that is
    /// not here. That cannot be said while samples of our own are not written yet.
    pub(super) fn known_series(&self) -> Vec<(Series, Option<i64>)> {
        let newest = |samples: &Samples| {
            let newest = samples.last().map(|sample| sample.at);
            newest.filter(|_| self.unwritten.is_empty())
        };
        self.series.iter().map(|known| (known.series.clone(), newest(&known.samples))).collect()
    }

    /// The samples that the history is about: those after the last change of currency.
    pub(super) fn primary_samples(&self) -> Option<Part> {
        let primary = self.primary.as_ref()?;
        let samples = self.series.iter().find(|known| known.series == *primary)?.samples.clone();
        let changed_at = self.series.iter().filter(|known| self.came_before(&known.series, primary));
        let changed_at = changed_at.filter_map(|known| known.samples.last()).map(|sample| sample.at).max();
        let from = changed_at.map_or(0, |at| samples.partition_point(|sample| sample.at <= at));
        Some(Part { samples, from })
    }

    /// Whether a series is that of the same balance in another currency. Where an account has both at a
    /// time, they are two balances.
    fn came_before(&self, other: &Series, primary: &Series) -> bool {
        let are_two = [other, primary].iter().all(|one| self.present.contains(one));
        other.name == primary.name && other.currency != primary.currency && !are_two
    }

    fn samples_mut(&mut self, series: &Series) -> &mut Vec<Sample> {
        let index = self.series.iter().position(|known| known.series == *series).unwrap_or_else(|| {
            self.series.push(SeriesSamples { series: series.clone(), samples: Arc::default() });
            self.series.len() - 1
        });
        Arc::make_mut(&mut self.series[index].samples)
    }

    /// Takes what was read from the store: all of a series, or what is new of it.
    pub(super) fn take_stored(&mut self, series: &Series, stored: Vec<Sample>, is_all: bool) {
        let samples = self.samples_mut(series);
        if is_all {
            *samples = stored;
        } else {
            stored.into_iter().for_each(|sample| insert(samples, sample));
        }
        self.merge_unwritten(series);
        self.revision += 1;
    }

    /// Adds the samples that are not written yet. Where another replica has recorded one in the same second,
    /// that one counts: which of both was first nobody knows, and in the wrong order they would be a top-up
    /// that never was. The next reading has what is missing.
    fn merge_unwritten(&mut self, series: &Series) {
        let mut unwritten = std::mem::take(&mut self.unwritten);
        let samples = self.samples_mut(series);
        unwritten.retain(|Unwritten { entry, was_tried }| {
            if entry.series != *series {
                return true;
            }
            let is_kept = *was_tried || at(samples, entry.sample.at).is_none();
            if is_kept {
                insert(samples, entry.sample);
            }
            is_kept
        });
        self.unwritten = unwritten;
    }

    /// All was read that has this mark, and what the history is about. A reading that is not written
    /// yet knows better.
    pub(super) fn take_mark(&mut self, mark: Mark, primary: Option<Series>) {
        self.mark = Some(mark);
        if primary.is_some() && (self.primary.is_none() || self.is_primary_written) {
            self.primary = primary;
            self.is_primary_written = true;
        }
    }

    /// Takes the balances of a reading, if they tell something new.
    pub(super) fn take_reading(&mut self, balances: &[Balance], at: i64) {
        for (index, balance) in balances.iter().take(MOST_SERIES).enumerate() {
            let series = Series::of(balance);
            // Two of one name cannot be told apart; the first one counts.
            if balances.iter().take(index).any(|other| Series::of(other) == series) {
                continue;
            }
            let samples = self.samples_mut(&series);
            let sample = Sample { at: rules::time_of(samples, at), amount: balance.amount };
            if rules::is_new(samples, sample) {
                insert(samples, sample);
                self.revision += 1;
                self.push_unwritten(Entry { series: series.clone(), sample });
            }
            if index == 0 && self.primary.as_ref() != Some(&series) {
                if self.primary.as_ref().is_some_and(|before| before.name != series.name) {
                    // What it was in other currencies is still to be read.
                    self.mark = None;
                }
                self.primary = Some(series);
                self.is_primary_written = false;
                self.revision += 1;
            }
        }
        if !balances.is_empty() {
            self.present = balances.iter().take(MOST_SERIES).map(Series::of).collect();
        }
        // Those that the account has no more are in the store. Of its primary balance those in other
        // currencies are needed: they tell when its currency has changed.
        let primary = self.primary.as_ref();
        self.series.retain(|known| {
            primary.is_some_and(|primary| primary.name == known.series.name)
                || balances.iter().any(|balance| Series::of(balance) == known.series)
        });
    }

    fn push_unwritten(&mut self, entry: Entry) {
        if self.unwritten.len() == MOST_UNWRITTEN {
            self.unwritten.pop_front();
            self.has_lost = true;
        }
        self.unwritten.push_back(Unwritten { entry, was_tried: false });
    }

    pub(super) fn has_unwritten(&self) -> bool {
        !self.unwritten.is_empty()
    }

    /// What is to be written, which is tried from now on.
    pub(super) fn try_unwritten(&mut self) -> Vec<Entry> {
        self.unwritten.iter_mut().for_each(|one| one.was_tried = true);
        self.unwritten.iter().map(|one| one.entry.clone()).collect()
    }

    /// The first `count` of them are written, and `primary`. `before` and `after` are the marks of the
    /// store around that write.
    ///
    /// Returns what they tell of the balance that the history is about.
    pub(super) fn take_written(&mut self, count: usize, before: Mark, after: Mark, now: i64) -> Growth {
        let written: Vec<_> = self.unwritten.drain(..count.min(self.unwritten.len())).collect();
        self.is_primary_written = true;
        // Where another process has written too, its samples are still to be read.
        if self.mark == Some(before) {
            self.mark = Some(after);
        }
        let (Some(primary), Some(samples)) = (&self.primary, self.primary_samples()) else {
            return Growth::default();
        };
        let times = |one: &Unwritten| (one.entry.series == *primary).then_some(one.entry.sample.at);
        let written: BTreeSet<_> = written.iter().filter_map(times).collect();
        let waiting: BTreeSet<_> = self.unwritten.iter().filter_map(times).collect();
        growth(rules::until(&samples, now).0, &written, &waiting)
    }

    /// Whether samples may be missing here, or after a restart.
    pub(super) const fn is_incomplete(&self) -> bool {
        self.mark.is_none() || self.is_failing || self.has_lost
    }

    /// What may have to be deleted: all samples, and whether the old ones were looked at today.
    pub(super) fn to_clean(&self, now: i64) -> (Vec<(Series, Samples)>, bool) {
        let all = self.series.iter().map(|known| (known.series.clone(), known.samples.clone()));
        (all.collect(), self.cleaned_on == Some(now.div_euclid(DAY)))
    }

    /// These are deleted now.
    pub(super) fn take_deleted(&mut self, series: &Series, times: &[i64]) {
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        self.samples_mut(series).retain(|sample| sorted.binary_search(&sample.at).is_err());
        self.unwritten.retain(|Unwritten { entry, .. }| {
            entry.series != *series || sorted.binary_search(&entry.sample.at).is_err()
        });
        self.revision += 1;
    }
}

/// The sample of a time.
fn at(samples: &[Sample], time: i64) -> Option<&Sample> {
    samples.binary_search_by_key(&time, |known| known.at).ok().map(|index| &samples[index])
}

/// Inserts a sample in its order. One of the same time is replaced.
fn insert(samples: &mut Vec<Sample>, sample: Sample) {
    match samples.binary_search_by_key(&sample.at, |known| known.at) {
        Ok(index) => samples[index] = sample,
        Err(index) => samples.insert(index, sample),
    }
}
