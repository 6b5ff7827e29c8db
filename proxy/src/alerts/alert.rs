//! What somebody is told, before it is worded for a channel.

use airalo_balance::model::history::{DaysLeft, Forecast};
use airalo_balance::model::{Amount, Balance, Level};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An alert as it waits in the store. It holds no secret and no address.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Alert {
    pub(crate) kind: Kind,
    /// When the reading was made that it follows from.
    pub(crate) at: Timestamp,
    pub(crate) level: Level,
    pub(crate) previous: Level,
    pub(crate) known: Option<LastKnown>,
}

/// What an alert is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// The level is low, and it was not.
    Low,
    /// The level is critical, and it was not.
    Critical,
    /// There is enough again, by amount and by days.
    Ok,
    /// The balance cannot be read.
    Unreadable {
        since: Timestamp,
        /// The code of the latest problem.
        problem: String,
    },
    /// The balance can be read again.
    Readable { since: Timestamp },
    /// Somebody tries the channels.
    Test,
}

/// The latest reading that has succeeded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct LastKnown {
    pub(crate) at: Timestamp,
    pub(crate) balances: Vec<Balance>,
    /// The index of the balance that decides the level.
    pub(crate) worst: usize,
    /// That of the first balance.
    pub(crate) forecast: Option<KnownForecast>,
}

/// How long the credit lasts, at the time of that reading.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct KnownForecast {
    pub(crate) spent_per_day: Amount,
    pub(crate) days_left: DaysLeft,
    /// Days since 1970-01-01.
    pub(crate) runs_out: Option<i64>,
}

impl Kind {
    /// What is told of a change of the level. A level that is better and not yet good is no news.
    pub(crate) fn of_change(previous: Level, level: Level) -> Option<Self> {
        match level {
            Level::Ok if previous > Level::Ok => Some(Self::Ok),
            Level::Low if previous < Level::Low => Some(Self::Low),
            Level::Critical if previous < Level::Critical => Some(Self::Critical),
            _ => None,
        }
    }

    /// The name in the body of a webhook.
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::Low => "balance.low",
            Self::Critical => "balance.critical",
            Self::Ok => "balance.ok",
            Self::Unreadable { .. } => "balance.unreadable",
            Self::Readable { .. } => "balance.readable",
            Self::Test => "test",
        }
    }
}

impl Alert {
    /// An alert that says of itself that it is a test.
    pub(crate) const fn test(at: Timestamp) -> Self {
        Self { kind: Kind::Test, at, level: Level::Ok, previous: Level::Ok, known: None }
    }
}

impl From<&Forecast> for KnownForecast {
    fn from(forecast: &Forecast) -> Self {
        Self {
            spent_per_day: forecast.spent_per_day,
            days_left: forecast.days_left,
            runs_out: forecast.runs_out,
        }
    }
}
