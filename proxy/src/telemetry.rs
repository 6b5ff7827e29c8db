//! Logging, set up so that no secret can be in it.

use std::io::{self, IsTerminal};
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, FilterExt, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Logs to standard error, with the filter of `RUST_LOG`.
///
/// Has no effect if another logger is installed already.
pub fn init(rust_log: Option<String>) {
    let text = rust_log.filter(|text| !text.trim().is_empty());
    let parsed = text.map(EnvFilter::try_new).transpose();
    let is_invalid = parsed.is_err();
    let filter = parsed.ok().flatten().unwrap_or_else(|| EnvFilter::new("info"));
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_filter(filter.and(filter_fn(is_allowed)));
    if tracing_subscriber::registry().with(layer).try_init().is_ok() && is_invalid {
        tracing::warn!("RUST_LOG is not a filter such as `debug`; logging at `info`");
    }
}

/// Whether events of this kind may be printed at all.
///
/// The debug output of an HTTP library may hold headers and bodies, now or after an update. So
/// only events of this project may be more verbose than `info`.
fn is_allowed(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::INFO || metadata.target().starts_with("airalo_balance")
}
