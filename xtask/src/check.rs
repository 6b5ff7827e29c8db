//! `cargo xtask demo --check`: asks the running demo what the page would ask, and compares.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, ensure};
use serde_json::value::RawValue;

use crate::{page, screen::say};

/// The demo is on this machine; what takes longer is broken.
const PATIENCE_SECONDS: u64 = 15;

/// Checks the page, its files and its figure.
pub(crate) fn run(address: &str, stand_in: Option<&str>) -> anyhow::Result<()> {
    let html = get(address, &[])?;
    ensure_type(address, &html, "text/html")?;
    let html = html.as_str()?;
    let files = files(address, html)?;
    say(&format!("The page and the {files} files it names are served as they should be."));

    let proxy = page::attribute(html, "airalo-balance", "proxy-url")
        .context("index.html has no <airalo-balance> with a proxy-url")?;
    let url = page::resolve(address, &proxy);
    let answer = get(&url, &[("Accept", "application/json"), ("X-Airalo-Widget", "1")])?;
    let shown = figure(answer.as_str()?).with_context(|| format!("{url} did not answer with a balance"))?;
    let Some(stand_in) = stand_in else {
        say(&format!("The page's proxy says {shown}."));
        return Ok(());
    };
    let url = format!("http://{stand_in}/_sandbox/state");
    let state = get(&url, &[])?;
    let held = state_of(state.as_str()?).with_context(|| format!("{url} did not answer with a balance"))?;
    say(&format!("The page's proxy says {shown}; the stand-in holds {held}."));
    ensure!(shown == held, "the page would show another balance than there is");
    Ok(())
}

fn get(url: &str, headers: &[(&str, &str)]) -> anyhow::Result<minreq::Response> {
    let request = minreq::get(url).with_timeout(PATIENCE_SECONDS).with_headers(headers.iter().copied());
    let answer = request.send().with_context(|| format!("{url} does not answer"))?;
    ensure!(answer.status_code == 200, "{url} answers with status {} instead of 200", answer.status_code);
    Ok(answer)
}

fn ensure_type(url: &str, answer: &minreq::Response, wanted: &str) -> anyhow::Result<()> {
    let given = answer.headers.get("content-type").map_or("nothing", String::as_str);
    let bare = given.split(';').next().unwrap_or_default().trim();
    ensure!(bare == wanted, "{url} is sent as {given} instead of {wanted}");
    Ok(())
}

/// Follows every file that the page names, and those that its scripts name, and counts them.
fn files(address: &str, html: &str) -> anyhow::Result<usize> {
    let mut waiting: Vec<_> =
        page::files_of_page(html).iter().map(|file| page::resolve(address, file)).collect();
    let mut seen = BTreeSet::new();
    while let Some(url) = waiting.pop() {
        if !seen.insert(url.clone()) {
            continue;
        }
        let answer = get(&url, &[])?;
        if let Some(wanted) = type_of(&url) {
            ensure_type(&url, &answer, wanted)?;
        }
        if type_of(&url) == Some("text/javascript") {
            waiting
                .extend(page::files_of_script(answer.as_str()?).iter().map(|file| page::resolve(&url, file)));
        }
    }
    for extension in [".js", ".wasm"] {
        ensure!(
            seen.iter().any(|url| url.ends_with(extension)),
            "the page names no {extension} file, so it has no card"
        );
    }
    Ok(seen.len())
}

/// The type without which a browser refuses the file.
fn type_of(url: &str) -> Option<&'static str> {
    match url.rsplit('.').next()? {
        "js" => Some("text/javascript"),
        "wasm" => Some("application/wasm"),
        "css" => Some("text/css"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

/// The first balance of an answer of the proxy, as `225.35 USD`.
fn figure(answer: &str) -> Option<String> {
    let balances = member(&member(answer, "data")?, "balances")?;
    let balances: Vec<Box<RawValue>> = serde_json::from_str(&balances).ok()?;
    let available = member(balances.first()?.get(), "availableBalance")?;
    spoken(&member(&available, "amount")?, &member(&available, "currency")?)
}

/// What the stand-in holds, in the same form.
fn state_of(state: &str) -> Option<String> {
    spoken(&member(state, "balance")?, &member(state, "currency")?)
}

/// A member of a JSON object as it is written: a float in between would be a rounding in between.
fn member(json: &str, name: &str) -> Option<String> {
    let mut object: BTreeMap<String, Box<RawValue>> = serde_json::from_str(json).ok()?;
    Some(object.remove(name)?.get().to_owned())
}

fn spoken(amount: &str, currency: &str) -> Option<String> {
    let amount = amount.trim_matches('"');
    let amount =
        if amount.contains('.') { amount.trim_end_matches('0').trim_end_matches('.') } else { amount };
    let is_decimal = amount.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
    is_decimal.then(|| format!("{amount} {}", currency.trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(amount: &str) -> String {
        format!(
            r#"{{"data":{{"balances":[{{"availableBalance":{{"amount":{amount},"currency":"USD"}}}}]}}}}"#
        )
    }

    #[test]
    fn page_and_stand_in_agree_however_many_zeros_they_write() {
        assert_eq!(figure(&answer("225.35")).unwrap(), "225.35 USD");
        assert_eq!(figure(&answer("100")), state_of(r#"{"balance":"100.00","currency":"USD"}"#));
        assert_ne!(figure(&answer("10")), state_of(r#"{"balance":"1","currency":"USD"}"#));
    }

    #[test]
    fn digits_that_a_float_would_lose_are_compared_too() {
        assert_eq!(figure(&answer("90071992547409.93")).unwrap(), "90071992547409.93 USD");
    }

    #[test]
    fn an_answer_without_a_balance_is_no_figure() {
        for body in ["", "null", "{}", r#"{"data":{"balances":[]}}"#, &answer("null")] {
            assert_eq!(figure(body), None, "{body}");
        }
    }
}
