//! The SQLite file that `HISTORY` names: what outlives a restart of the only replica.
//!
//! Each connection has a thread of its own, so that a slow disk blocks no request.

mod inspect;
#[cfg(test)]
mod tests;

pub(crate) use inspect::inspect;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio_rusqlite::Connection;
use tokio_rusqlite::rusqlite::{self, ErrorCode, TransactionBehavior};

/// A process that is being replaced, and `history import`, may write at the same moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// In the order in which they came. Those that a file has had are counted in its `user_version`,
/// so none of them is ever changed.
const MIGRATIONS: &[&str] = &[
    include_str!("history.sql"),
    include_str!("alerts.sql"),
    include_str!("history_mark.sql"),
    include_str!("primary_series.sql"),
];

/// A database. Clones share the connection.
#[derive(Clone)]
pub(crate) struct Database {
    path: Arc<Path>,
    /// Empty for as long as the file cannot be opened.
    connection: Arc<OnceCell<Connection>>,
}

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    /// SQLite says so: the disk is full, the file is no database, or another process keeps it.
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file may be read, and nothing could be recorded in it.
    #[error("it may only be read; let the user of this program write to it and to its directory")]
    ReadOnly,
    /// The file was written by a later version of this program.
    #[error("it was written by a later version of this program; run that one, or name another file")]
    TooNew,
    /// The thread of the connection has ended.
    #[error("the connection is closed")]
    Closed,
}

impl DatabaseError {
    /// Whether the file is the right one, and the disk, its contents or another process are in the
    /// way. A wrong path or missing permissions are mistakes of whoever has named the file.
    fn is_trouble_of_the_disk(&self) -> bool {
        let Self::Sqlite(error) = self else { return false };
        matches!(
            error.sqlite_error_code(),
            Some(
                ErrorCode::SystemIoFailure
                    | ErrorCode::DiskFull
                    | ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::DatabaseCorrupt
                    | ErrorCode::OutOfMemory
            )
        )
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").finish_non_exhaustive()
    }
}

impl Database {
    /// Opens or creates a file, and brings its tables up to date.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, is no database, or was written by a later version.
    pub(crate) async fn open(path: &Path) -> Result<Self, DatabaseError> {
        let database = Self::opened_later(path);
        database.connection().await?;
        Ok(database)
    }

    /// Opens a file with the first call that can.
    pub(crate) fn opened_later(path: &Path) -> Self {
        Self { path: path.into(), connection: Arc::default() }
    }

    /// As [`open`](Self::open). Where the disk is full or fails, each call tries to open the file
    /// again, until one can.
    ///
    /// # Errors
    ///
    /// When the path is wrong, or the file is no database or was written by a later version.
    pub(crate) async fn open_now_or_later(path: &Path) -> Result<Self, DatabaseError> {
        let database = Self::opened_later(path);
        match database.connection().await {
            Err(error) if !error.is_trouble_of_the_disk() => Err(error),
            Ok(_) | Err(_) => Ok(database),
        }
    }

    /// A database that ends with the process.
    ///
    /// # Errors
    ///
    /// When there is no memory or thread for it.
    pub(crate) async fn in_memory() -> Result<Self, DatabaseError> {
        Self::open(Path::new(":memory:")).await
    }

    async fn connection(&self) -> Result<&Connection, DatabaseError> {
        self.connection.get_or_try_init(|| prepared(&self.path)).await
    }

    /// Ends the connection, for its clones too. The last one of a process leaves a single file, which
    /// holds what was in the write-ahead log beside it.
    pub(crate) async fn close(&self) {
        let Some(connection) = self.connection.get() else { return };
        if let Err(tokio_rusqlite::Error::Close((_, error))) = connection.clone().close().await {
            tracing::warn!(
                "the file of the history is not closed, and -wal and -shm beside it belong to it: {error}"
            );
        }
    }

    /// Runs a function on the connection, and waits for it.
    ///
    /// # Errors
    ///
    /// Those of the function, and those of opening a file that could not be opened before.
    pub(crate) async fn call<T: Send + 'static, E: Into<DatabaseError> + Send + 'static>(
        &self,
        function: impl FnOnce(&mut rusqlite::Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        called(self.connection().await?, function).await
    }
}

async fn prepared(path: &Path) -> Result<Connection, DatabaseError> {
    let connection = Connection::open(path).await?;
    // SQLite opens a file that it may only read, and says so with the first write.
    if called(&connection, |db| db.is_readonly("main")).await? {
        return Err(DatabaseError::ReadOnly);
    }
    called(&connection, configure).await?;
    called(&connection, migrate).await?;
    Ok(connection)
}

async fn called<T: Send + 'static, E: Into<DatabaseError> + Send + 'static>(
    connection: &Connection,
    function: impl FnOnce(&mut rusqlite::Connection) -> Result<T, E> + Send + 'static,
) -> Result<T, DatabaseError> {
    connection.call(function).await.map_err(|error| match error {
        tokio_rusqlite::Error::Error(error) => error.into(),
        _ => DatabaseError::Closed,
    })
}

/// With a write-ahead log a reader waits for no writer. `FULL` has each commit reach the disk, so
/// that a power cut loses no alert that was sent.
fn configure(connection: &mut rusqlite::Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")
}

fn migrate(connection: &mut rusqlite::Connection) -> Result<(), DatabaseError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let mut latest = 0;
    for (migration, number) in MIGRATIONS.iter().zip(1..) {
        latest = number;
        if number > version {
            transaction.execute_batch(migration)?;
        }
    }
    if version > latest {
        return Err(DatabaseError::TooNew);
    }
    // On a full disk nothing can be written, and a file that is up to date needs nothing.
    if version < latest {
        transaction.pragma_update(None, "user_version", latest)?;
    }
    transaction.commit()?;
    Ok(())
}
