//! The program: reads the environment, and runs until a signal stops it.

use airalo_balance_proxy::{Config, Proxy, check, environment_help, telemetry};
use clap::Parser;
use std::env;
use std::fmt::Display;
use std::process::ExitCode;

/// Holds the Airalo credentials and answers the card with a balance and nothing else.
#[derive(Debug, Parser)]
#[command(name = "airalo-balance-proxy", version, after_help = environment_help())]
struct Options {
    /// Use the built-in stand-in of the partner API instead of Airalo, and say so on the page
    #[arg(long)]
    sandbox: bool,

    /// Read the configuration, say what it amounts to, and end; Airalo is asked nothing
    #[arg(long)]
    check: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let config = match Config::from_vars(options.sandbox, variable) {
        Ok(config) => config,
        Err(errors) => return cannot_start(errors),
    };
    if options.check {
        let (text, is_good) = check(&config, variable);
        print!("{text}");
        return if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    telemetry::init(variable("RUST_LOG"), config.log_format);
    // The signal handlers are installed before anything is served, so that no signal is lost.
    let shutdown = match shutdown_signal() {
        Ok(shutdown) => shutdown,
        Err(error) => return cannot_start(error),
    };
    match Proxy::bind(config).await {
        Ok(proxy) => {
            let handle = proxy.reload_handle();
            let reload = move || handle.reload(Config::from_vars(options.sandbox, variable));
            if let Err(error) = on_hangup(reload) {
                return cannot_start(error);
            }
            proxy.run_until(shutdown).await;
        }
        Err(error) => return cannot_start(error),
    }
    ExitCode::SUCCESS
}

/// Keeps a value that is not Unicode, with replacement characters, so that the configuration
/// rejects it instead of treating the variable as not set.
fn variable(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// Prints the reason for the person who typed the command. It is not a line of the log.
fn cannot_start(reason: impl Display) -> ExitCode {
    eprintln!("airalo-balance-proxy cannot start:\n{reason}");
    ExitCode::FAILURE
}

/// SIGHUP would end the process; daemons use it to read their files again.
#[cfg(unix)]
fn on_hangup(reload: impl Fn() + Send + 'static) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            tokio::task::block_in_place(&reload);
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn on_hangup(_reload: impl Fn() + Send + 'static) -> std::io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn shutdown_signal() -> std::io::Result<impl Future<Output = ()>> {
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
fn shutdown_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // If the signal cannot be received, only the system can end the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
