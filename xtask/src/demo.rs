//! The card in a browser, with everything behind it, by one command.

use std::{
    env, io,
    net::{Ipv4Addr, TcpListener},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use lexopt::prelude::{Long, Short, ValueExt as _};

use crate::{
    build, check,
    command::Cmd,
    fresh, interrupt,
    machine::Machine,
    process::{GLANCE, Running},
    refused,
    screen::say,
    tools,
};

const PROXY: &str = "airalo-balance-proxy";

/// A proxy starts in a tenth of a second; a machine that swaps is still given its chance.
const TIME_TO_START: Duration = Duration::from_secs(60);

/// What the person asked for.
#[derive(Debug, PartialEq)]
pub(crate) struct Demo {
    port: u16,
    open: bool,
    check: bool,
}

impl Demo {
    /// Reads the options, or nothing where only help is wanted.
    pub(crate) fn from_arguments(arguments: &mut lexopt::Parser) -> anyhow::Result<Option<Self>> {
        let mut demo = Self { port: 8080, open: true, check: false };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("port") => {
                    demo.port = arguments.value()?.parse().context("--port wants a number up to 65535")?
                }
                Long("no-open") => demo.open = false,
                Long("check") => demo.check = true,
                Long("help") | Short('h') => return Ok(None),
                other => return Err(refused(&other)),
            }
        }
        Ok(Some(demo))
    }

    /// Installs, builds, starts, and stays until somebody stops it.
    pub(crate) fn run(&self, machine: &mut Machine) -> anyhow::Result<()> {
        // Asked first: nobody should wait five minutes to learn that a port is taken.
        let port = free_port(self.port)?;
        let real = has_credentials(|name| env::var(name).ok())?;
        tools::for_demo(machine)?;
        if !fresh::is_fresh(machine) {
            build::card(machine)?;
        }
        build::programs(machine, "Building the proxy", &[PROXY])?;

        let page = format!("http://127.0.0.1:{port}/");
        let stand_in = if real { None } else { Some(format!("127.0.0.1:{}", free_port(0)?)) };
        let mut running = self.start(machine, port, stand_in.as_deref())?;
        wait_until_it_answers(&page, &mut running)?;
        machine.summary();
        say("");
        if self.check {
            return check::run(&page, stand_in.as_deref());
        }
        say(&format!("The card:      {page}"));
        match &stand_in {
            Some(address) => {
                say(&format!("Its stand-in:  http://{address}/  (place orders, top up, break things)"))
            }
            None => say("It shows the real balance of the account that AIRALO_CLIENT_ID names."),
        }
        say("Ctrl-C stops everything.");
        if self.open {
            open(machine, &page);
        }
        while !interrupt::asked() {
            if let Some(status) = running.ended() {
                bail!("the proxy ended by itself ({status}); what it said is above");
            }
            thread::sleep(GLANCE);
        }
        Ok(())
    }

    fn start(&self, machine: &Machine, port: u16, stand_in: Option<&str>) -> anyhow::Result<Running> {
        let mut proxy = Cmd::new(machine.built(PROXY), &machine.root)
            .env("LISTEN", format!("127.0.0.1:{port}"))
            .env("ASSETS_DIR", machine.dist())
            .env_default("RUST_LOG", "warn");
        if let Some(address) = stand_in {
            // Nobody should have to wait a minute to see an order that they have placed.
            proxy = proxy.args(["--sandbox"]).env("SANDBOX_LISTEN", address).env_default("BALANCE_TTL", "5");
        }
        if self.check {
            // An order between two questions would make two true answers differ.
            proxy = proxy.env("SANDBOX_ORDER_EVERY", "0");
        }
        if cfg!(target_os = "linux") && which::which("setpriv").is_ok() {
            // Killed without a chance to clean up, we still leave nothing behind.
            proxy = proxy.wrapped(["setpriv", "--pdeathsig", "TERM"]);
        }
        Running::start(&mut proxy.prepare()?).with_context(|| format!("cannot start `{proxy}`"))
    }
}

/// Makes sure that a port of this machine is free; 0 chooses one.
fn free_port(port: u16) -> anyhow::Result<u16> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|listener| listener.local_addr()) {
        Ok(address) => Ok(address.port()),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            bail!(
                "port {port} is taken by another program; `cargo xtask demo --port {}` uses another",
                port ^ 1
            )
        }
        Err(error) => {
            Err(error).with_context(|| format!("cannot listen on port {port}; --port chooses another"))
        }
    }
}

/// Whether the real account is meant. Half a pair is a mistake, and must not show invented figures.
fn has_credentials(variable: impl Fn(&str) -> Option<String>) -> anyhow::Result<bool> {
    let given = |name: &str| {
        let set = |name: String| variable(&name).is_some_and(|value| !value.is_empty());
        set(name.to_owned()) || set(format!("{name}_FILE"))
    };
    match (given("AIRALO_CLIENT_ID"), given("AIRALO_CLIENT_SECRET")) {
        (true, true) => Ok(true),
        (false, false) => Ok(false),
        (true, false) => bail!(
            "AIRALO_CLIENT_ID is set and AIRALO_CLIENT_SECRET is not; set both, or neither for the stand-in"
        ),
        (false, true) => bail!(
            "AIRALO_CLIENT_SECRET is set and AIRALO_CLIENT_ID is not; set both, or neither for the stand-in"
        ),
    }
}

fn wait_until_it_answers(page: &str, running: &mut Running) -> anyhow::Result<()> {
    let started = Instant::now();
    while minreq::get(page).with_timeout(2).send().is_err() {
        if let Some(status) = running.ended() {
            bail!("the proxy did not start ({status}); what it said is above");
        }
        if interrupt::asked() || started.elapsed() > TIME_TO_START {
            bail!("the proxy does not answer on {page}");
        }
        thread::sleep(GLANCE);
    }
    Ok(())
}

/// Opens the person's browser. Where there is none, the printed address is enough.
fn open(machine: &Machine, page: &str) {
    let command = match env::consts::OS {
        "macos" => machine.command("open").args([page]),
        "windows" => machine.command("cmd").args(["/c", "start", page]),
        // Without a screen `xdg-open` would start a browser inside this terminal.
        _ if env::var_os("DISPLAY").or_else(|| env::var_os("WAYLAND_DISPLAY")).is_none() => return,
        _ => machine.command("xdg-open").args([page]),
    };
    if let Ok(mut command) = command.prepare() {
        // It may stay as long as the browser does, and it is the person's, so it is not waited for.
        let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo(arguments: &[&str]) -> anyhow::Result<Option<Demo>> {
        Demo::from_arguments(&mut lexopt::Parser::from_args(arguments))
    }

    #[test]
    fn the_options_are_those_of_the_help() {
        assert_eq!(demo(&[]).unwrap(), Some(Demo { port: 8080, open: true, check: false }));
        let all = demo(&["--port", "9000", "--no-open", "--check"]).unwrap();
        assert_eq!(all, Some(Demo { port: 9000, open: false, check: true }));
        assert_eq!(demo(&["--help"]).unwrap(), None);
    }

    #[test]
    fn a_wrong_option_is_refused_by_name() {
        assert!(format!("{:#}", demo(&["--prot", "1"]).unwrap_err()).contains("--prot"));
        assert!(format!("{:#}", demo(&["--port", "70000"]).unwrap_err()).contains("--port"));
    }

    #[test]
    fn a_busy_port_is_an_error_that_names_the_way_out() {
        let busy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let error = free_port(busy.local_addr().unwrap().port()).unwrap_err().to_string();
        assert!(error.contains("--port"), "{error}");
    }

    #[test]
    fn half_a_pair_of_credentials_never_shows_the_stand_in() {
        let with =
            |set: &'static [&str]| has_credentials(move |name| set.contains(&name).then(|| "x".to_owned()));
        assert!(with(&["AIRALO_CLIENT_ID", "AIRALO_CLIENT_SECRET_FILE"]).unwrap());
        assert!(!with(&[]).unwrap());
        assert!(with(&["AIRALO_CLIENT_ID"]).unwrap_err().to_string().contains("AIRALO_CLIENT_SECRET"));
        assert!(with(&["AIRALO_CLIENT_SECRET"]).unwrap_err().to_string().contains("AIRALO_CLIENT_ID"));
    }
}
