//! `cargo xtask demo`: the card in a browser, with everything behind it.

use std::{
    env,
    net::{Ipv4Addr, TcpListener},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::ArgMatches;

use crate::{
    build,
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
pub(crate) fn run(machine: &mut Machine, options: &ArgMatches) -> Result<()> {
    // These come first: nobody should wait five minutes to learn that a port is in use.
    let port = free_port(options.get_one("port").copied().unwrap_or_default())?;
    let real = has_credentials(|name| env::var(name).ok())?;
    tools::install(machine, tools::Purpose::Build)?;
    build::card_if_changed(machine)?;
    build::programs(machine, "Building the proxy", &[PROXY])?;

    let page = format!("http://127.0.0.1:{port}/");
    let stand_in = if real { None } else { Some(format!("127.0.0.1:{}", free_port(0)?)) };
    // The proxy prints to the same terminal.
    let running = Running::start(&proxy(machine, port, stand_in.as_deref()), |program| program)?;
    wait_until_it_answers(&page, &running)?;
    machine.summary();
    say("");
    if options.get_flag("check") {
        return check(&page);
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
    let mut proxy = machine
        .command("")
        .arg(machine.built(PROXY))
        .env("LISTEN", format!("127.0.0.1:{port}"))
        .env("ASSETS_DIR", machine.at("dist"))
        // Its log passes through this program, and is for a person all the same.
        .env_default("LOG_FORMAT", "text")
        .env_default("RUST_LOG", "warn");
    if let Some(address) = stand_in {
        // An order that was placed in the console should show within seconds.
        proxy = proxy.arg("--sandbox").env("SANDBOX_LISTEN", address).env_default("BALANCE_TTL", "5");
    }
    if cfg!(target_os = "linux") && which::which("setpriv").is_ok() {
        // The system ends the proxy even when this process is killed.
        proxy = proxy.wrapped("setpriv --pdeathsig TERM");
    }
    proxy
}

/// Makes sure that a port of this machine is free; 0 chooses one.
fn free_port(port: u16) -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        format!("port {port} cannot be used; `cargo xtask demo --port {}` uses another", port ^ 1)
    })?;
    Ok(listener.local_addr()?.port())
}

/// Whether the real account is meant. One credential without the other is an error, because the
/// stand-in would show invented figures.
fn has_credentials(variable: impl Fn(&str) -> Option<String>) -> Result<bool> {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let is_configured = |name: &str| is_set(name) || is_set(&format!("{name}_FILE"));
    let (id, secret) = (is_configured("AIRALO_CLIENT_ID"), is_configured("AIRALO_CLIENT_SECRET"));
    ensure!(id == secret, "set both AIRALO_CLIENT_ID and AIRALO_CLIENT_SECRET, or neither for the stand-in");
    Ok(id)
}

fn wait_until_it_answers(page: &str, running: &Running) -> Result<()> {
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

/// Asks for the balance as the page does, by the address in it, and prints it.
fn check(page: &str) -> Result<()> {
    let html = get(page)?;
    let url = proxy_url(&html).context("index.html has no <airalo-balance> with a proxy-url")?;
    let url = format!("{page}{}", url.trim_start_matches(['.', '/']));
    let answer: serde_json::Value = serde_json::from_str(&get(&url)?)?;
    let balance = answer.pointer("/meta/text").and_then(|text| text.as_str());
    let balance = balance.with_context(|| format!("{url} answers {answer}"))?;
    say(&format!("The page's proxy says {balance}."));
    Ok(())
}

fn get(url: &str) -> Result<String> {
    // The server runs on this machine; what takes longer is broken.
    let answer = minreq::get(url).with_timeout(15).with_header("X-Airalo-Widget", "1").send()?;
    ensure!(answer.status_code == 200, "{url} answers with status {} instead of 200", answer.status_code);
    Ok(answer.as_str()?.to_owned())
}

/// The `proxy-url` of the first card of a page.
fn proxy_url(html: &str) -> Option<String> {
    let page = tl::parse(html, tl::ParserOptions::default()).ok()?;
    let card = page.query_selector("airalo-balance")?.next()?.get(page.parser())?;
    Some(card.as_tag()?.attributes().get("proxy-url")??.as_utf8_str().into_owned())
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
        assert!(with(&["AIRALO_CLIENT_ID", "AIRALO_CLIENT_SECRET_FILE"]).unwrap());
        assert!(!with(&[]).unwrap());
        assert!(with(&["AIRALO_CLIENT_ID"]).is_err());
    }
}
