//! `--check`: what a configuration amounts to, in words. Airalo is asked nothing.

use crate::alerts::LOG_TARGET;
use crate::config::{Config, Source};
use crate::database::inspect;
use crate::files::{Files, ReadError};
use tracing::Level;

/// Describes a configuration, and says whether the proxy can do all its work with it.
///
/// `vars` is only asked which variables are set. No value of a secret is in the text. `misspelt` is
/// what [`misspelt_variables`](crate::misspelt_variables) has found.
#[must_use]
pub fn check(
    config: &Config,
    vars: impl Fn(&str) -> Option<String>,
    misspelt: Vec<String>,
) -> (String, bool) {
    let is_set = |name: &str| vars(name).is_some_and(|value| !value.trim().is_empty());
    let (files, has_files) = files(config);
    let (history, has_history) = history(config);
    let lines = [
        ("Balance", source(config, is_set)),
        ("Listens on", listeners(config)),
        ("May ask", config.access.describe()),
        ("Names", config.access.describe_names()),
        ("Files", files),
        ("Replicas", replicas(config).to_owned()),
        ("History", history),
        ("Alerts", describe_alerts(config)),
    ];
    let mut text = String::new();
    let misspelt = misspelt.into_iter().map(|hint| ("Misspelt", hint));
    for (name, value) in lines.into_iter().chain(misspelt) {
        text += &format!("{:<12}{value}\n", format!("{name}:"));
    }
    (text, has_files && has_history)
}

fn source(config: &Config, is_set: impl Fn(&str) -> bool) -> String {
    let Source::Partner { base_url, outgoing_proxy, .. } = &config.source else {
        return "from the built-in stand-in, and not from Airalo".to_owned();
    };
    let origin = |name: &str| {
        let file = format!("{name}_FILE");
        if is_set(&file) { format!("the file in {file}") } else { format!("the variable {name}") }
    };
    let (id, secret) = (origin("AIRALO_CLIENT_ID"), origin("AIRALO_CLIENT_SECRET"));
    let (ttl, max_stale) = (config.balance_ttl.as_secs(), config.max_stale.as_secs());
    let host = base_url.host_str().unwrap_or_default();
    let through = outgoing_proxy.as_ref().map(|proxy| format!(" through {}", proxy.describe()));
    let through = through.unwrap_or_default();
    format!(
        "from {host}{through}, asked at most every {ttl} s; kept for {max_stale} s while Airalo fails\n\
         {0:12}client id from {id}, secret from {secret}",
        ""
    )
}

fn listeners(config: &Config) -> String {
    let admin = config.admin_listen.map_or_else(
        || "health and metrics are off (ADMIN_LISTEN is not set)".to_owned(),
        |address| {
            let public = if address.ip().is_loopback() {
                ""
            } else {
                &*format!("; {}", crate::config::METRICS_ARE_PUBLIC)
            };
            format!("http://{address}/ has health and metrics{public}")
        },
    );
    format!("http://{}/ has the card and its balance; {admin}", config.listen)
}

const fn replicas(config: &Config) -> &'static str {
    match &config.redis_url {
        Some(_) => "many: they share token, balance and failures through REDIS_URL",
        None => "one: token and balance are kept in this process, and nowhere else",
    }
}

fn describe_alerts(config: &Config) -> String {
    let Some(alerts) = &config.alerts else {
        return "off (neither a threshold nor a channel is set)".to_owned();
    };
    let text = alerts.describe();
    let filter = config.log_filter.as_ref();
    let is_logged = filter.is_none_or(|filter| filter.would_enable(LOG_TARGET, &Level::WARN));
    if alerts.has_channel() || is_logged {
        text
    } else {
        format!("{text}, and RUST_LOG leaves them out of it: nobody is told")
    }
}

fn history(config: &Config) -> (String, bool) {
    match (&config.redis_url, &config.history, &config.source) {
        (Some(_), ..) => {
            ("for 400 days, in REDIS_URL; as safe as what that server keeps on a disk".to_owned(), true)
        }
        (None, Some(file), _) => {
            let name = file.display();
            match inspect(file) {
                Ok(()) => (format!("for 400 days, in HISTORY ({name})"), true),
                Err(error) => (format!("none: HISTORY ({name}) {error}"), false),
            }
        }
        (None, None, Source::Sandbox(_)) => ("60 invented days, in memory".to_owned(), true),
        (None, None, Source::Partner { .. }) => {
            ("none: neither HISTORY nor REDIS_URL is set".to_owned(), true)
        }
    }
}

fn files(config: &Config) -> (String, bool) {
    let source = &config.card;
    match Files::read(source) {
        Ok(files) => {
            let build = match files.card_folder() {
                Some(folder) => format!("the build {folder}"),
                None => "no WebAssembly, so no build of the card".to_owned(),
            };
            let is_build = files.card_folder().is_some() && files.get("/index.html").is_some();
            (format!("{} in {source}, {build}", files.len()), is_build)
        }
        // The balance is served all the same, for a card that comes from elsewhere.
        Err(ReadError::Missing) => {
            (format!("none: {source} is not there; the balance is served all the same"), true)
        }
        Err(error) => (format!("none: {source} {error}"), false),
    }
}
