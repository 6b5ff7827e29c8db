//! Where samples are kept: a SQLite file, or Redis for many replicas.

mod redis;
mod sqlite;

pub(crate) use self::redis::RedisHistory;
pub(crate) use sqlite::SqliteHistory;

use crate::database::DatabaseError;
use airalo_balance::model::history::Sample;
use airalo_balance::model::{Balance, Currency};

/// Which balance of an account a sample is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Series {
    /// Airalo's name for the balance.
    pub(crate) name: String,
    pub(crate) currency: Currency,
}

impl Series {
    pub(crate) fn of(balance: &Balance) -> Self {
        Self { name: balance.name.clone(), currency: balance.currency.clone() }
    }
}

/// A sample with its series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) series: Series,
    pub(crate) sample: Sample,
}

/// A store of samples, of any account.
#[derive(Clone, Debug)]
pub(crate) enum Store {
    Sqlite(SqliteHistory),
    Redis(RedisHistory),
}

/// Why a store cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("{0}")]
    Database(#[from] DatabaseError),
    /// Its own line of the log says more.
    #[error("REDIS_URL cannot be used")]
    Redis,
}

/// How often the samples of an account were changed, to see whether another process has done so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Samples were deleted, or written before others. All of them have to be read again.
    pub(crate) rewrites: u64,
    /// Samples were written after all others.
    pub(crate) appends: u64,
}

impl Mark {
    /// Whether samples were only appended since an earlier mark. A store that was emptied counts
    /// from zero again.
    pub(crate) const fn is_appended_to(self, earlier: Self) -> bool {
        self.rewrites == earlier.rewrites && self.appends >= earlier.appends
    }
}

impl Store {
    /// The series that the history of this account is about.
    pub(crate) async fn primary(&self, account: &str) -> Result<Option<Series>, StoreError> {
        match self {
            Self::Sqlite(store) => store.primary(account).await,
            Self::Redis(store) => store.primary(account).await,
        }
    }

    /// All series of an account.
    pub(crate) async fn all_series(&self, account: &str) -> Result<Vec<Series>, StoreError> {
        match self {
            Self::Sqlite(store) => store.all_series(account).await,
            Self::Redis(store) => store.all_series(account).await,
        }
    }

    /// How many other accounts have a history here. In Redis nobody looks for them among all the keys.
    pub(crate) async fn other_accounts(&self, account: &str) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(store) => store.other_accounts(account).await,
            Self::Redis(_) => Ok(0),
        }
    }

    /// The samples from a time on, sorted.
    pub(crate) async fn load(
        &self,
        account: &str,
        series: &Series,
        from: i64,
    ) -> Result<Vec<Sample>, StoreError> {
        match self {
            Self::Sqlite(store) => store.load(account, series, from).await,
            Self::Redis(store) => store.load(account, series, from).await,
        }
    }

    /// Writes entries; those of a time that has a sample replace it. `primary` is the series that the
    /// history is about from now on.
    ///
    /// The file has all of them then, or none. In Redis each script writes up to a thousand of one
    /// series, so more than that may be written in part. Writing it again adds the rest.
    ///
    /// Returns the mark before and after.
    pub(crate) async fn write(
        &self,
        account: &str,
        primary: Option<&Series>,
        entries: &[Entry],
    ) -> Result<(Mark, Mark), StoreError> {
        match self {
            Self::Sqlite(store) => store.write(account, primary, entries).await,
            Self::Redis(store) => store.write(account, primary, entries).await,
        }
    }

    /// Deletes the samples of these times.
    pub(crate) async fn delete(
        &self,
        account: &str,
        series: &Series,
        times: Vec<i64>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.delete(account, series, times).await,
            Self::Redis(store) => store.delete(account, series, times).await,
        }
    }

    /// Leaves a file that is whole without the one beside it.
    pub(crate) async fn close(&self) {
        if let Self::Sqlite(store) = self {
            store.close().await;
        }
    }

    /// The mark of an account.
    pub(crate) async fn mark(&self, account: &str) -> Result<Mark, StoreError> {
        match self {
            Self::Sqlite(store) => store.mark(account).await,
            Self::Redis(store) => store.mark(account).await,
        }
    }
}
