//! The task that is told of each fetch of this replica, and keeps the history.

use crate::balances::Reading;
use crate::history::History;
use jiff::Timestamp;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

/// How soon what another process has written is seen here.
const SYNC: Duration = Duration::from_secs(10);

/// How many readings wait while the disk is slow. At one in five seconds it may take five minutes.
const WAITING_READINGS: usize = 64;

/// Records readings.
#[derive(Debug)]
pub(crate) struct Monitor {
    readings: mpsc::Receiver<Reading>,
    history: History,
}

impl Monitor {
    /// A monitor, and where it is told of readings.
    pub(crate) fn new(history: History) -> (Self, mpsc::Sender<Reading>) {
        let (sender, readings) = mpsc::channel(WAITING_READINGS);
        (Self { readings, history }, sender)
    }

    /// Runs until the sender is gone and all its readings are recorded.
    pub(crate) async fn run(mut self) {
        let mut sync = interval(SYNC);
        sync.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                reading = self.readings.recv() => {
                    let Some(reading) = reading else { return };
                    let _forecast = self.history.record(&reading).await;
                }
                _ = sync.tick() => self.history.sync(Timestamp::now()).await,
            }
        }
    }
}
