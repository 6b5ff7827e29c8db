//! The sandbox as a program of its own.

use airalo_balance_sandbox::{Cents, Config, Sandbox, Scenario, serve};
use clap::Parser;
use secrecy::SecretString;
use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;

/// A stand-in of the Airalo Partner API. It holds no money and reaches no network.
#[derive(Debug, Parser)]
#[command(name = "airalo-balance-sandbox", version)]
struct Options {
    /// The loopback address to listen on
    #[arg(long, env = "SANDBOX_LISTEN", default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
    /// The balance at the start, in US dollars
    #[arg(long, env = "SANDBOX_BALANCE", default_value = "225.35", allow_negative_numbers = true)]
    balance: Cents,
    /// Seconds between automatic orders; 0 for none
    #[arg(long, env = "SANDBOX_ORDER_EVERY", default_value_t = 0)]
    order_every: u64,
    /// The scenario at the start; the console lists all of them
    #[arg(long, env = "SANDBOX_SCENARIO", value_enum, default_value_t, hide_possible_values = true)]
    scenario: Scenario,
    /// The only client id that is accepted
    #[arg(long, env = "SANDBOX_CLIENT_ID", default_value = "sandbox")]
    client_id: SecretString,
    /// The secret of that client; it gives access to nothing else
    #[arg(long, env = "SANDBOX_CLIENT_SECRET", default_value = "sandbox-secret", hide_env_values = true)]
    client_secret: SecretString,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("airalo-balance-sandbox cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(options.listen).await.map_err(|error| {
        format!("{} cannot be used ({error}); name another in SANDBOX_LISTEN", options.listen)
    })?;
    let sandbox = serve(
        Config {
            balance: options.balance,
            scenario: options.scenario,
            order_every: (options.order_every > 0).then(|| Duration::from_secs(options.order_every)),
            client_id: options.client_id,
            client_secret: options.client_secret,
            ..Config::default()
        },
        listener,
    )?;
    // The signal handlers are installed before the sandbox is announced, so that no signal is lost.
    let shutdown = shutdown_signal()?;
    announce(&sandbox);
    shutdown.await;
    sandbox.shutdown().await;
    Ok(())
}

fn announce(sandbox: &Sandbox) {
    println!("A stand-in of the Airalo Partner API, not the real one: none of its money is real.");
    println!("Console: {}/", sandbox.url());
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
