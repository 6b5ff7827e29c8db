//! `history`: takes the recorded balances out for spreadsheets, and records of others in.

mod import;

use super::{CommandError, notifications};
use crate::config::{Config, Source};
use crate::database::{Database, DatabaseError};
use crate::history::csv::{self, Mistakes};
use crate::history::{RedisHistory, SqliteHistory, Store, StoreError};
use crate::json_number::JsonNumber;
use crate::redis_link::RedisLink;
use crate::time::timestamp;
use airalo_balance::model::Currency;
use airalo_balance::model::history::Sample;
use clap::{Args, Subcommand, ValueEnum};
use import::add;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use serde::Serialize;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What to do with the history.
#[derive(Clone, Debug, Subcommand)]
pub enum HistoryCommand {
    /// Print the recorded balances
    Export(Export),
    /// Add balances from a CSV file: time,amount,currency with times of RFC 3339; what is there at the same second is replaced
    Import(Import),
}

/// Which samples, and how.
#[derive(Clone, Debug, Args)]
pub struct Export {
    /// From this date (UTC) or time on
    #[arg(long, value_parser = since)]
    since: Option<Timestamp>,
    /// How they are printed
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Csv,
    Json,
}

/// Where samples come from.
#[derive(Clone, Debug, Args)]
pub struct Import {
    /// The file, or - for standard input
    file: PathBuf,
}

/// How many other accounts a store knows.
#[derive(Clone, Copy, Debug)]
pub struct Others(u64);

impl fmt::Display for Others {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("another one"),
            count => write!(f, "{count} others"),
        }
    }
}

/// Why the history cannot be exported or imported.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// Nothing says where it is.
    #[error("there is no history: set HISTORY or REDIS_URL as for the proxy")]
    None,
    /// There is no such file.
    #[error("HISTORY: {} is not there; it is made by the proxy, and by history import", .0.display())]
    Missing(PathBuf),
    /// There is nowhere to put the file.
    #[error("HISTORY: the directory {} is not there; create it, as the systemd service does when it starts", .0.display())]
    NoDirectory(PathBuf),
    /// The store cannot be used.
    #[error("the history cannot be used: {0}")]
    Store(String),
    /// The file to import cannot be read.
    #[error("{} cannot be read: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
    /// The file to import has lines that are not understood.
    #[error("nothing was imported:\n{0}")]
    Mistakes(String),
    /// It was recorded with another client id.
    #[error(
        "there is no history of this AIRALO_CLIENT_ID, but of {0}: export it with the client id that it was recorded with"
    )]
    OtherAccount(Others),
    /// Lines of a currency that the account has never had would end its history.
    #[error(
        "nothing was imported: {count} lines are in {}, the first one of {first}, when the history was in {}; \
         correct them, or leave them out", currency.code(), known.code()
    )]
    OtherCurrency {
        /// Of how many lines.
        count: usize,
        /// That of the lines.
        currency: Currency,
        /// The time of the first one of them.
        first: Timestamp,
        /// That of the history.
        known: Currency,
    },
    /// The samples cannot be written.
    #[error("the samples cannot be written: {0}")]
    Write(String),
}

impl From<StoreError> for HistoryError {
    fn from(error: StoreError) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<DatabaseError> for HistoryError {
    fn from(error: DatabaseError) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<Mistakes> for HistoryError {
    fn from(mistakes: Mistakes) -> Self {
        Self::Mistakes(mistakes.to_string())
    }
}

#[derive(Serialize)]
struct SampleJson<'a> {
    time: Timestamp,
    amount: JsonNumber,
    currency: &'a str,
}

impl HistoryCommand {
    pub(super) async fn run(self, config: Config) -> Result<ExitCode, CommandError> {
        let client = notifications::client(config.clone())?;
        let is_stand_in = matches!(config.source, Source::Sandbox(_));
        let account = if is_stand_in { client.of_stand_in() } else { client }.account();
        match self {
            Self::Export(export) => {
                let store = open(&config, true).await?;
                if let Some(others) = others(&store, &account).await? {
                    return Err(HistoryError::OtherAccount(others).into());
                }
                let text = export.text(&store, &account).await?;
                store.close().await;
                stdout().write_all(&text)?;
            }
            Self::Import(import) => {
                // Read first: what is wrong with the file is no reason to make another one.
                let contents = csv::read(import.open()?, Timestamp::now()).map_err(HistoryError::from)?;
                let store = open(&config, false).await?;
                let others = others(&store, &account).await?;
                let added = add(&store, &account, &contents.samples).await?;
                store.close().await;
                added.describe(contents.too_old, others, &mut stdout())?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Export {
    async fn text(&self, store: &Store, account: &str) -> Result<Vec<u8>, HistoryError> {
        let samples = self.samples(store, account).await?;
        let rows = samples.iter().map(|(sample, currency)| (*sample, currency));
        let failed = |error: &dyn ToString| HistoryError::Write(error.to_string());
        match self.format {
            Format::Csv => csv::write(rows).map_err(|error| failed(&error)),
            Format::Json => {
                let json = serde_json::to_vec(&rows.map(SampleJson::new).collect::<Vec<_>>());
                json.map(|json| [&json[..], b"\n"].concat()).map_err(|error| failed(&error))
            }
        }
    }

    /// Those of the first balance, also of the time before its currency changed.
    async fn samples(&self, store: &Store, account: &str) -> Result<Vec<(Sample, Currency)>, HistoryError> {
        let Some(primary) = store.primary(account).await? else { return Ok(Vec::new()) };
        let from = self.since.map_or(i64::MIN, Timestamp::as_second);
        let mut samples = Vec::new();
        for series in store.all_series(account).await?.into_iter().filter(|one| one.name == primary.name) {
            let loaded = store.load(account, &series, from).await?;
            samples.extend(loaded.into_iter().map(|sample| (sample, series.currency.clone())));
        }
        samples.sort_by_key(|(sample, _)| sample.at);
        Ok(samples)
    }
}

impl Import {
    fn open(&self) -> Result<Box<dyn Read>, HistoryError> {
        if self.file == Path::new("-") {
            return Ok(Box::new(stdin()));
        }
        let file = File::open(&self.file);
        let file = file.map_err(|error| HistoryError::File { path: self.file.clone(), error })?;
        Ok(Box::new(file))
    }
}

impl<'a> SampleJson<'a> {
    fn new((sample, currency): (Sample, &'a Currency)) -> Self {
        Self { time: timestamp(sample.at), amount: JsonNumber(sample.amount), currency: currency.code() }
    }
}

async fn open(config: &Config, must_exist: bool) -> Result<Store, HistoryError> {
    match (&config.redis_url, &config.history) {
        (Some(url), _) => {
            let link =
                RedisLink::new(url).map_err(|error| HistoryError::Store(error.category().to_owned()))?;
            Ok(Store::Redis(RedisHistory::new(link)))
        }
        (None, Some(path)) if must_exist && !path.exists() => Err(HistoryError::Missing(path.clone())),
        (None, Some(path)) => {
            let directory = path.parent().filter(|directory| *directory != Path::new(""));
            if let Some(missing) = directory.filter(|directory| !directory.exists()) {
                return Err(HistoryError::NoDirectory(missing.to_owned()));
            }
            Ok(Store::Sqlite(SqliteHistory::new(Database::open(path).await?)))
        }
        (None, None) => Err(HistoryError::None),
    }
}

/// The other accounts, where the store knows some and not this one.
async fn others(store: &Store, account: &str) -> Result<Option<Others>, HistoryError> {
    if !store.all_series(account).await?.is_empty() {
        return Ok(None);
    }
    let count = store.other_accounts(account).await?;
    Ok((count > 0).then_some(Others(count)))
}

fn since(text: &str) -> Result<Timestamp, String> {
    let date = text.parse::<Date>().ok().filter(|_| !text.contains(':'));
    let from_date = date.and_then(|date| Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok());
    from_date.or_else(|| text.parse().ok()).ok_or_else(|| {
        "must be a date such as 2026-11-20, or a time with its zone such as 2026-11-20T10:00:00Z".to_owned()
    })
}
