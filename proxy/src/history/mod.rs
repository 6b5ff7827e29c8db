//! What the balance was: recorded as it is read, and kept for 400 days.

use crate::balances::Reading;
use airalo_balance::model::history::Forecast;
use jiff::Timestamp;

/// The history of one account. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct History;

impl History {
    /// Records a reading if it tells something new, and returns the forecast with it.
    pub(crate) async fn record(&self, _reading: &Reading) -> Option<Forecast> {
        None
    }

    /// Takes what another process has written, and writes what could not be written before.
    pub(crate) async fn sync(&self, _now: Timestamp) {}

    /// The forecast with the latest sample.
    pub(crate) fn forecast(&self) -> Option<Forecast> {
        None
    }
}
