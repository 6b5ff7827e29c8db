//! The program: reads the environment, and runs until a signal stops it, or does what a subcommand says.

mod signals;

use airalo_balance_proxy::commands::Command;
use airalo_balance_proxy::{
    Config, Proxy, StartError, check, environment_help, misspelt_variables, telemetry,
};
use clap::Parser;
use mimalloc::MiMalloc;
use signals::Signals;
use std::env;
use std::fmt::Display;
use std::future::pending;
use std::io;
use std::pin::pin;
use std::process::ExitCode;
use tokio::runtime::{Builder, Runtime};
use tokio::task::block_in_place;

/// A sixth of the time of a request goes into the allocator of the system.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// For reading files and resolving names.
const MAX_BLOCKING_THREADS: usize = 32;

/// Holds the Airalo credentials and answers the card with a balance and nothing else.
#[derive(Debug, Parser)]
#[command(name = "airalo-balance-proxy", version, after_help = environment_help())]
struct Options {
    /// Use the built-in stand-in of the partner API instead of Airalo, and say so on the page
    #[arg(long, global = true)]
    sandbox: bool,

    /// Read the configuration, say what it amounts to, and end; Airalo is asked nothing
    #[arg(long)]
    check: bool,

    /// Without one the proxy runs
    #[command(subcommand)]
    command: Option<Command>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    // The variables of the partner API are then not read, as with the stand-in.
    let needs_no_account = options.command.as_ref().is_some_and(Command::needs_no_account);
    let config = match Config::from_vars(options.sandbox || needs_no_account, variable) {
        Ok(config) => config,
        Err(errors) => {
            let hints = misspelt().into_iter().map(|hint| format!("\n  {hint}"));
            return cannot_start(format!("{errors}{}", hints.collect::<String>()));
        }
    };
    if options.check {
        let (text, is_good) = check(&config, variable, misspelt());
        print!("{text}");
        return if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    if let Some(command) = options.command {
        return run_command(command, config);
    }
    telemetry::init(config.log_filter.clone(), config.log_format);
    for hint in misspelt() {
        tracing::warn!("{hint}");
    }
    // The signals are handled before anything is served, so that none is lost.
    let signals = match Signals::handle() {
        Ok(signals) => signals,
        Err(error) => return cannot_start(error),
    };
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return cannot_start(error),
    };
    let result = runtime.block_on(run(options.sandbox, config, signals));
    // A thread that reads a file or resolves a name may never end.
    runtime.shutdown_background();
    match result {
        Ok(code) => code,
        Err(error) => cannot_start(error),
    }
}

/// A command has no log, and any signal ends it at once.
fn run_command(command: Command, config: Config) -> ExitCode {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return cannot_start(error),
    };
    let result = runtime.block_on(command.run(config));
    runtime.shutdown_background();
    result.unwrap_or_else(|error| {
        eprintln!("airalo-balance-proxy: {error}");
        ExitCode::FAILURE
    })
}

fn runtime() -> io::Result<Runtime> {
    // By default five hundred threads read files, and leave no processor to the two that serve.
    Builder::new_multi_thread().enable_all().max_blocking_threads(MAX_BLOCKING_THREADS).build()
}

async fn run(sandbox: bool, config: Config, signals: Signals) -> Result<ExitCode, StartError> {
    let mut stop = pin!(signals.stop);
    let proxy = tokio::select! {
        proxy = Proxy::bind(config) => proxy?,
        // It may wait for an address.
        () = &mut stop => return Ok(ExitCode::SUCCESS),
    };
    let reload = proxy.reload_handle();
    let mut hangup = signals.hangup;
    let forward = async {
        while hangup.recv().await.is_some() {
            // It reads files.
            block_in_place(|| reload.reload(Config::from_vars(sandbox, variable)));
        }
        pending().await
    };
    let result = tokio::select! {
        result = proxy.run_until(stop) => result,
        result = forward => result,
    };
    // What has failed is in the log.
    Ok(if result.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Keeps a value that is not Unicode, with replacement characters, so that the configuration
/// rejects it instead of treating the variable as not set.
fn variable(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

fn misspelt() -> Vec<String> {
    misspelt_variables(env::vars_os().filter_map(|(name, _)| name.into_string().ok()))
}

/// Prints the reason for the person who typed the command. It is not a line of the log.
fn cannot_start(reason: impl Display) -> ExitCode {
    eprintln!("airalo-balance-proxy cannot start:\n{reason}");
    ExitCode::FAILURE
}
