//! Logging, set up so that no secret can be in it.

use crate::config::LogFormat;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::fmt::{self, Debug};
use std::io::{self, IsTerminal};
use std::panic::{self, PanicHookInfo};
use tracing::field::Field;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{Targets, filter_fn};
use tracing_subscriber::fmt::format::{Writer, debug_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Logs to standard error, with this filter or the one of the format. Panics are lines of the log too.
///
/// Has no effect if another logger is installed already.
pub fn init(filter: Option<Targets>, format: LogFormat) {
    let filter = filter.unwrap_or_else(|| format.default_filter());
    let layer =
        tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    let layer = match format {
        LogFormat::Text => layer.boxed(),
        LogFormat::Json => {
            layer.json().flatten_event(true).with_span_list(false).fmt_fields(debug_fn(write_id)).boxed()
        }
    };
    let registry = tracing_subscriber::registry().with(layer).with(filter).with(filter_fn(is_allowed));
    if registry.try_init().is_ok() {
        panic::set_hook(Box::new(log_panic));
    }
}

/// Writes the one field that a span has, the id of its request, as a JSON object. An id needs no
/// escaping, so it need not go through a map of JSON values for every request. It is recorded by its
/// `Display`, so it comes without quotes.
fn write_id(writer: &mut Writer<'_>, field: &Field, id: &dyn Debug) -> fmt::Result {
    write!(writer, "{{\"{field}\":\"{id:?}\"}}")
}

/// Whether events of this kind may be printed at all.
///
/// The debug output of an HTTP library may hold headers and bodies, now or after an update. So
/// only events of this project may be more verbose than `info`.
fn is_allowed(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::INFO || metadata.target().starts_with("airalo_balance")
}

/// The message of a panic is written by the code that panics, and holds no secret, since none can
/// be printed.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string);
    let message = panic.payload_as_str().unwrap_or_default();
    tracing::error!(location, "panicked: {message}");
    // Only with RUST_BACKTRACE.
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        tracing::error!("{backtrace}");
    }
}
