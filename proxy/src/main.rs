//! The program: it reads the environment, and runs until it is asked to stop.

use airalo_balance_proxy::{Config, Proxy, help, telemetry};
use clap::Parser;
use std::env;
use std::fmt::Display;
use std::process::ExitCode;

/// Holds the Airalo credentials and answers the card with a balance and nothing else.
#[derive(Debug, Parser)]
#[command(name = "airalo-balance-proxy", version, after_help = help())]
struct Options {
    /// Use the built-in stand-in of the partner API instead of Airalo, and say so on the page
    #[arg(long)]
    sandbox: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    telemetry::init(variable("RUST_LOG"));
    let config = match Config::from_vars(options.sandbox, variable) {
        Ok(config) => config,
        Err(faults) => return cannot_start(faults),
    };
    let stop = match asked_to_stop() {
        Ok(stop) => stop,
        Err(error) => return cannot_start(error),
    };
    match Proxy::bind(config).await {
        Ok(proxy) => proxy.run_until(stop).await,
        Err(error) => return cannot_start(error),
    }
    ExitCode::SUCCESS
}

/// What is not Unicode is read with replacement characters, and so refused where it matters
/// instead of being taken for absent.
fn variable(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// For whoever typed the command, and not for the log.
fn cannot_start(reason: impl Display) -> ExitCode {
    eprintln!("airalo-balance-proxy cannot start:\n{reason}");
    ExitCode::FAILURE
}

/// The handlers are in place before anything is served, so that an early signal is not lost.
#[cfg(unix)]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a way to hear the signal the program is ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
