//! What the history tells, as metrics. Without a history there are none.

use super::as_f64;
use airalo_balance::model::Amount;
use airalo_balance::model::history::DaysLeft;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// How long the credit lasts, and what has become of it.
#[derive(Debug, Default)]
pub(super) struct Credit(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    has_history: bool,
    days_left: Option<DaysLeft>,
    /// Since the start, by this replica. The sums are those of floats, as Prometheus adds them.
    spent: f64,
    credited: f64,
}

impl Credit {
    pub(super) fn days_left(&self, days_left: Option<DaysLeft>) {
        self.update(|state| {
            state.has_history = true;
            state.days_left = days_left;
        });
    }

    pub(super) fn spent(&self, amount: Amount) {
        self.update(|state| state.spent += as_f64(&amount));
    }

    pub(super) fn credited(&self, amount: Amount) {
        self.update(|state| state.credited += as_f64(&amount));
    }

    fn update(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Collector for Credit {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.has_history {
            return Ok(());
        }
        if let Some(left) = state.days_left {
            let help = "How many days the credit lasts, up to 90; a bound beyond that is absent";
            let kind = ConstGauge::new(0_i64).metric_type();
            let mut family = encoder.encode_descriptor("airalo_balance_days_left", help, None, kind)?;
            let bounds = [("low", Some(left.low)), ("middle", left.middle), ("high", left.high)];
            for (bound, days) in bounds {
                let Some(days) = days else { continue };
                ConstGauge::new(i64::from(days)).encode(family.encode_family(&[("bound", bound)])?)?;
            }
        }
        for (name, help, sum) in [
            (
                "airalo_spent",
                "By how much the balance fell, as far as this replica has recorded it",
                state.spent,
            ),
            (
                "airalo_credited",
                "By how much the balance rose, as far as this replica has recorded it",
                state.credited,
            ),
        ] {
            let counter = ConstCounter::new(sum);
            let kind = counter.metric_type();
            counter.encode(encoder.encode_descriptor(name, help, None, kind)?)?;
        }
        Ok(())
    }
}
