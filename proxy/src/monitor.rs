//! The task that is told of each fetch of this replica, keeps the history and raises alerts.

use crate::alerts::Alerts;
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
    alerts: Option<Alerts>,
}

impl Monitor {
    /// A monitor, and where it is told of readings.
    pub(crate) fn new(history: History, alerts: Option<Alerts>) -> (Self, mpsc::Sender<Reading>) {
        let (sender, readings) = mpsc::channel(WAITING_READINGS);
        (Self { readings, history, alerts }, sender)
    }

    /// Runs until the sender is gone and all its readings are recorded.
    pub(crate) async fn run(mut self) {
        let mut sync = interval(SYNC);
        sync.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                reading = self.readings.recv() => {
                    let Some(reading) = reading else { return };
                    let forecast = self.history.record(&reading).await;
                    if let Some(alerts) = &self.alerts {
                        alerts.evaluate(&reading, forecast.as_ref()).await;
                    }
                }
                _ = sync.tick() => self.history.sync(Timestamp::now()).await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Database;
    use crate::history::{SqliteHistory, Store};
    use crate::metrics::Metrics;
    use airalo_balance::model::{Balance, Currency};

    #[tokio::test]
    async fn it_ends_when_the_sender_is_gone_and_not_before_all_readings_are_recorded() {
        let store = Store::Sqlite(SqliteHistory::new(Database::in_memory().await.unwrap()));
        let history = History::new(store.clone(), "account", Metrics::default());
        let (monitor, readings) = Monitor::new(history.clone(), None);
        let start = Timestamp::now() - Duration::from_secs(3_600);
        for minute in 0..50 {
            let balance = Balance {
                name: "balance".to_owned(),
                amount: minute.to_string().parse().unwrap(),
                currency: Currency::new("USD").unwrap(),
            };
            let at = start + Duration::from_secs(60 * minute);
            readings
                .try_send(Reading { account: "account".into(), at, result: Ok([balance].into()) })
                .unwrap();
        }
        drop(readings);
        monitor.run().await;
        let primary = store.primary("account").await.unwrap().unwrap();
        assert_eq!(store.load("account", &primary, 0).await.unwrap().len(), 50);
    }
}
