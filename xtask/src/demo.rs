//! `cargo xtask demo`: the card in a browser, with everything behind it.

use std::{
    env,
    net::{Ipv4Addr, TcpListener},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use clap::ArgMatches;

use crate::{
    build, check,
    command::Cmd,
    interrupt,
    machine::Machine,
    process::{POLL_EVERY, Running},
    screen::say,
    tools,
};

const PROXY: &str = "airalo-balance-proxy";

/// A proxy starts in a tenth of a second. A machine that is short of memory takes much longer.
const TIME_TO_START: Duration = Duration::from_secs(60);

/// Installs, builds, starts, and runs until it is stopped.
pub(crate) fn run(machine: &mut Machine, options: &ArgMatches) -> anyhow::Result<()> {
    // These come first: nobody should wait five minutes to learn that a port is in use.
    let port = free_port(options.get_one("port").copied().unwrap_or_default())?;
    let real = has_credentials(|name| env::var(name).ok())?;
    tools::install(machine, tools::Purpose::Build)?;
    build::card_if_changed(machine)?;
    build::programs(machine, "Building the proxy", &[PROXY])?;

    let page = format!("http://127.0.0.1:{port}/");
    let stand_in = if real { None } else { Some(format!("127.0.0.1:{}", free_port(0)?)) };
    let mut proxy = proxy(machine, port, stand_in.as_deref());
    if options.get_flag("check") {
        // An order between two requests would make two correct answers differ.
        proxy = proxy.env("SANDBOX_ORDER_EVERY", "0");
    }
    // The proxy prints to the same terminal.
    let running = Running::start(&proxy, |program| program)?;
    wait_until_it_answers(&page, &running)?;
    machine.summary();
    say("");
    if options.get_flag("check") {
        return check::run(machine, &page, stand_in.as_deref());
    }
    say(&format!("The card:      {page}"));
    say(&match stand_in {
        Some(address) => format!("Its stand-in:  http://{address}/  (place orders, top up, break things)"),
        None => "It shows the real balance of the account that AIRALO_CLIENT_ID names.".to_owned(),
    });
    say("Ctrl-C stops everything.");
    if !options.get_flag("no-open") && has_screen() {
        // Where there is no browser, the address above is enough.
        let _ = open::that_detached(&page);
    }
    while !interrupt::requested() {
        if let Some(status) = running.ended()? {
            bail!("the proxy ended by itself ({status}); its output is above");
        }
        thread::sleep(POLL_EVERY);
    }
    Ok(())
}

fn proxy(machine: &Machine, port: u16, stand_in: Option<&str>) -> Cmd {
    let mut proxy = Cmd::new(machine.built(PROXY), &machine.root)
        .env("LISTEN", format!("127.0.0.1:{port}"))
        .env("ASSETS_DIR", machine.at("dist"))
        // Its log passes through this program, and is for a person all the same.
        .env_default("LOG_FORMAT", "text")
        .env_default("RUST_LOG", "warn");
    if let Some(address) = stand_in {
        // An order that was placed in the console should show within seconds.
        proxy = proxy.args(["--sandbox"]).env("SANDBOX_LISTEN", address).env_default("BALANCE_TTL", "5");
    }
    if cfg!(target_os = "linux") && which::which("setpriv").is_ok() {
        // The system ends the proxy even when this process is killed.
        proxy = proxy.wrapped("setpriv", &["--pdeathsig", "TERM"]);
    }
    proxy
}

/// Makes sure that a port of this machine is free; 0 chooses one.
fn free_port(port: u16) -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        format!("port {port} cannot be used; `cargo xtask demo --port {}` uses another", port ^ 1)
    })?;
    Ok(listener.local_addr()?.port())
}

/// Whether the real account is meant. One credential without the other is an error, because the
/// stand-in would show invented figures.
fn has_credentials(variable: impl Fn(&str) -> Option<String>) -> anyhow::Result<bool> {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let is_configured = |name: &str| is_set(name) || is_set(&format!("{name}_FILE"));
    let (missing, set) = match (is_configured("AIRALO_CLIENT_ID"), is_configured("AIRALO_CLIENT_SECRET")) {
        (true, false) => ("AIRALO_CLIENT_SECRET", "AIRALO_CLIENT_ID"),
        (false, true) => ("AIRALO_CLIENT_ID", "AIRALO_CLIENT_SECRET"),
        (both, _) => return Ok(both),
    };
    bail!("{set} is set and {missing} is not; set both, or neither for the stand-in")
}

fn wait_until_it_answers(page: &str, running: &Running) -> anyhow::Result<()> {
    let started = Instant::now();
    while minreq::get(page).with_timeout(2).send().is_err() {
        if let Some(status) = running.ended()? {
            bail!("the proxy did not start ({status}); its output is above");
        }
        if interrupt::requested() || started.elapsed() > TIME_TO_START {
            bail!("the proxy does not answer on {page}");
        }
        thread::sleep(POLL_EVERY);
    }
    Ok(())
}

/// Without a screen, Linux would open a browser inside this terminal.
fn has_screen() -> bool {
    let is_set = |name| env::var_os(name).is_some();
    cfg!(any(target_os = "macos", windows)) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_port_is_an_error_that_names_the_way_out() {
        let busy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let error = free_port(busy.local_addr().unwrap().port()).unwrap_err().to_string();
        assert!(error.contains("--port"), "{error}");
    }

    #[test]
    fn half_a_pair_of_credentials_never_shows_the_stand_in() {
        let with = |set: &[&str]| has_credentials(|name| set.contains(&name).then(|| "x".to_owned()));
        let error = |name: &str| with(&[name]).unwrap_err().to_string();
        assert!(with(&["AIRALO_CLIENT_ID", "AIRALO_CLIENT_SECRET_FILE"]).unwrap());
        assert!(!with(&[]).unwrap());
        assert!(error("AIRALO_CLIENT_ID").contains("AIRALO_CLIENT_SECRET is not"));
        assert!(error("AIRALO_CLIENT_SECRET").contains("AIRALO_CLIENT_ID is not"));
    }
}
