//! A proxy with a history in a file, and what is in the file.

use crate::process::{ProxyProcess, proxy_command};
use airalo_balance_sandbox::{self as sandbox, Cents, Sandbox};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_rusqlite::rusqlite::{Connection, OpenFlags, Result};

/// A stand-in whose balance changes all the time, and the file of a history.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) file: PathBuf,
}

impl World {
    pub(crate) async fn new(directory: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let config = sandbox::Config { tokens_per_minute: 10_000, ..sandbox::Config::default() };
        let sandbox = sandbox::serve(config, listener).unwrap();
        let state = sandbox.state().clone();
        tokio::spawn(async move {
            for cents in (0..10_000_000).rev() {
                state.set_balance(Cents::new(cents));
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        Self { sandbox, file: directory.join("history.db") }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let url = self.sandbox.url();
        let variables = [
            ("AIRALO_BASE_URL", url.as_str()),
            ("AIRALO_CLIENT_ID", "sandbox"),
            ("AIRALO_CLIENT_SECRET", "sandbox-secret"),
            ("BALANCE_TTL", "1"),
            ("RATE_LIMIT", "0"),
            ("HISTORY", self.file.to_str().unwrap()),
        ];
        proxy_command(arguments, &variables)
    }

    pub(crate) fn start(&self) -> ProxyProcess {
        ProxyProcess::start(self.command(&[]))
    }

    /// The samples that are committed, by their times. None before there is a file with tables.
    pub(crate) fn committed(&self) -> BTreeMap<i64, String> {
        self.read("SELECT at, amount FROM sample", |row| Ok((row.get(0)?, row.get(1)?))).unwrap_or_default()
    }

    /// What SQLite says about the whole file: `ok`.
    pub(crate) fn integrity(&self) -> String {
        let check = self.read("PRAGMA integrity_check", |row| row.get::<_, String>(0));
        check.map_or_else(|error| error.to_string(), |lines: Vec<_>| lines.join("\n"))
    }

    fn read<T, C: FromIterator<T>>(
        &self,
        sql: &str,
        row: impl FnMut(&tokio_rusqlite::rusqlite::Row<'_>) -> Result<T>,
    ) -> Result<C> {
        let db = Connection::open_with_flags(&self.file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        db.busy_timeout(Duration::from_secs(5))?;
        db.prepare(sql)?.query_map([], row)?.collect()
    }
}
