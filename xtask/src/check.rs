//! `cargo xtask demo --check`: asks the running demo what the page would ask, and compares.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, ensure};
use serde_json::value::RawValue;
use walkdir::WalkDir;

use crate::{machine::Machine, screen::say};

/// Checks the page, its files and its balance.
pub(crate) fn run(machine: &Machine, page: &str, stand_in: Option<&str>) -> anyhow::Result<()> {
    let html = get(page, &[], Some("text/html"))?;
    let count = files(&machine.at("dist"), page)?;
    say(&format!("The page and the {count} js, wasm and css files of dist/ are served as they should be."));

    let proxy = proxy_url(&html).context("index.html has no <airalo-balance> with a proxy-url")?;
    let url = resolve(page, &proxy);
    let answer = get(&url, &[("Accept", "application/json"), ("X-Airalo-Widget", "1")], None)?;
    let shown = balance_of_answer(&answer).with_context(|| format!("{url} did not answer with a balance"))?;
    let Some(stand_in) = stand_in else {
        say(&format!("The page's proxy says {shown}."));
        return Ok(());
    };
    let url = format!("http://{stand_in}/_sandbox/state");
    let state = get(&url, &[], None)?;
    let held = balance_of_state(&state).with_context(|| format!("{url} did not answer with a balance"))?;
    say(&format!("The page's proxy says {shown}; the stand-in holds {held}."));
    ensure!(shown == held, "the page would show another balance than there is");
    Ok(())
}

/// The body of an answer, which must have status 200 and, where one is named, this content type.
fn get(url: &str, headers: &[(&str, &str)], content_type: Option<&str>) -> anyhow::Result<String> {
    // The server runs on this machine; what takes longer is broken.
    let request = minreq::get(url).with_timeout(15).with_headers(headers.iter().copied());
    let answer = request.send().with_context(|| format!("{url} does not answer"))?;
    ensure!(answer.status_code == 200, "{url} answers with status {} instead of 200", answer.status_code);
    if let Some(wanted) = content_type {
        let content_type_sent = answer.headers.get("content-type").map_or("nothing", String::as_str);
        let bare = content_type_sent.split(';').next().unwrap_or_default().trim();
        ensure!(bare == wanted, "{url} is sent as {content_type_sent} instead of {wanted}");
    }
    Ok(String::from_utf8_lossy(answer.as_bytes()).into_owned())
}

/// Asks for every script, style and WebAssembly file that was built, and counts them.
fn files(dist: &Path, page: &str) -> anyhow::Result<usize> {
    let (mut count, mut wasm) = (0, 0);
    for entry in WalkDir::new(dist) {
        let path = entry.context("cannot read dist/")?.into_path();
        // With another content type, a browser refuses the file.
        let content_type = match path.extension().and_then(|extension| extension.to_str()) {
            Some("js") => "text/javascript",
            Some("css") => "text/css",
            Some("wasm") => "application/wasm",
            _ => continue,
        };
        let names: Vec<_> = path.strip_prefix(dist)?.iter().map(|name| name.to_string_lossy()).collect();
        get(&format!("{page}{}", names.join("/")), &[], Some(content_type))?;
        count += 1;
        wasm += usize::from(content_type == "application/wasm");
    }
    ensure!(wasm > 0, "dist/ has no WebAssembly, so it has no card");
    Ok(count)
}

/// The `proxy-url` of the first card of a page.
fn proxy_url(html: &str) -> Option<String> {
    let page = tl::parse(html, tl::ParserOptions::default()).ok()?;
    let card = page.query_selector("airalo-balance")?.next()?.get(page.parser())?;
    let url = card.as_tag()?.attributes().get("proxy-url")??;
    Some(url.as_utf8_str().replace("&amp;", "&"))
}

/// The URL that the page, which is the root of its server, means.
fn resolve(page: &str, url: &str) -> String {
    if url.contains("://") { url.to_owned() } else { format!("{page}{}", url.trim_start_matches(['.', '/'])) }
}

/// The first balance of an answer of the proxy, as `225.35 USD`.
fn balance_of_answer(answer: &str) -> Option<String> {
    let balances = member(&member(answer, "data")?, "balances")?;
    let balances: Vec<Box<RawValue>> = serde_json::from_str(&balances).ok()?;
    let available = member(balances.first()?.get(), "availableBalance")?;
    format_balance(&member(&available, "amount")?, &member(&available, "currency")?)
}

/// The balance of the stand-in, in the same form.
fn balance_of_state(state: &str) -> Option<String> {
    format_balance(&member(state, "balance")?, &member(state, "currency")?)
}

/// A member of a JSON object as it is written: a float would round it.
fn member(json: &str, name: &str) -> Option<String> {
    let mut object: BTreeMap<String, Box<RawValue>> = serde_json::from_str(json).ok()?;
    Some(object.remove(name)?.get().to_owned())
}

fn format_balance(amount: &str, currency: &str) -> Option<String> {
    let amount = amount.trim_matches('"');
    let amount =
        if amount.contains('.') { amount.trim_end_matches('0').trim_end_matches('.') } else { amount };
    let is_decimal = amount.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
    is_decimal.then(|| format!("{amount} {}", currency.trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cards_proxy_url_is_found_and_not_one_in_a_comment() {
        let page = r#"<!doctype html><!-- <airalo-balance proxy-url="/no"></airalo-balance> -->
            <link rel=icon href=icon.svg><main>
            <airalo-balance label="a > b" proxy-url="/api/balance?a=1&amp;b=2">USD 1</airalo-balance>"#;
        assert_eq!(proxy_url(page).as_deref(), Some("/api/balance?a=1&b=2"));
        for page in ["", "<", "<airalo-balance", "<airalo-balance></airalo-balance>", "<airalo-balance a='"] {
            assert_eq!(proxy_url(page), None, "{page}");
        }
    }

    #[test]
    fn a_url_is_resolved_as_a_browser_does_it() {
        for url in ["/api/balance", "./api/balance", "api/balance", "http://127.0.0.1:1/api/balance"] {
            assert_eq!(resolve("http://127.0.0.1:1/", url), "http://127.0.0.1:1/api/balance");
        }
    }

    #[test]
    fn page_and_stand_in_agree_to_the_last_digit_however_many_zeros_they_write() {
        let answer = |amount: &str| {
            let balance = format!(r#"{{"availableBalance":{{"amount":{amount},"currency":"USD"}}}}"#);
            balance_of_answer(&format!(r#"{{"data":{{"balances":[{balance}]}}}}"#))
        };
        let state = |balance| balance_of_state(&format!(r#"{{"balance":"{balance}","currency":"USD"}}"#));
        assert_eq!(answer("225.35").as_deref(), Some("225.35 USD"));
        assert_eq!(answer("100"), state("100.00"));
        assert_ne!(answer("10"), state("1"));
        // A float would round it.
        assert_eq!(answer("90071992547409.93").as_deref(), Some("90071992547409.93 USD"));
        assert_eq!(answer("null"), None);
        assert_eq!(balance_of_answer(r#"{"data":{"balances":[]}}"#), None);
    }
}
