//! Logs, and the promise that no secret is in them.

use std::io::{self, IsTerminal};
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, FilterExt, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Logs to standard error from now on, as much as `rust_log` wants to hear.
///
/// Nothing is logged where a logger is there already.
pub fn init(rust_log: Option<String>) {
    let wanted = rust_log.filter(|text| !text.trim().is_empty());
    let parsed = wanted.map(EnvFilter::try_new).transpose();
    let misread = parsed.is_err();
    let filter = parsed.ok().flatten().unwrap_or_else(|| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_filter(filter.and(filter_fn(may_be_printed)));
    if tracing_subscriber::registry().with(lines).try_init().is_ok() && misread {
        tracing::warn!("RUST_LOG is not a filter such as `debug`; logging at `info`");
    }
}

/// Whether lines of this kind may be printed at all.
///
/// The finest lines of an HTTP library may hold headers and bodies, if not today then after an
/// update. The proxy answers only for its own words, so other crates are heard from `info` up.
fn may_be_printed(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::INFO || metadata.target().starts_with("airalo_balance")
}
