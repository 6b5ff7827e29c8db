//! `notifications`: whether Airalo sends a notice when a part of the credit is used, and where to.

use super::CommandError;
use crate::config::{Config, Credentials, Source};
use crate::metrics::Metrics;
use crate::upstream::{CreditNotice, PartnerClient, UpstreamError, error_chain};
use airalo_balance_sandbox as sandbox;
use clap::{Args, Subcommand};
use reqwest::Url;
use std::io::{Write, stdout};
use std::process::ExitCode;

/// The status of `notifications status` where there is no notice, as that of `systemctl status`
/// where a unit does not run.
const NOT_OPTED_IN: u8 = 3;

/// What to do about the notice.
#[derive(Clone, Debug, Subcommand)]
pub enum Notifications {
    /// Have Airalo send the notice; it first asks the address with HEAD, so the proxy has to run
    OptIn(OptIn),
    /// Say where Airalo sends the notice, and at which levels; status 3 where it sends none
    Status,
    /// Have Airalo send the notice no more
    OptOut,
}

/// Where to and when.
#[derive(Clone, Debug, Args)]
pub struct OptIn {
    /// The address of `/webhooks/airalo` of this proxy, as it is reached from the internet
    #[arg(long, value_parser = webhook_url)]
    url: Url,
    /// How much of the credit is used, in per cent; Airalo knows 50, 70, 80 and 90, and has a
    /// default of its own
    #[arg(long, value_delimiter = ',', value_parser = level)]
    levels: Vec<u8>,
}

/// Why Airalo could not be asked, or what it has answered.
#[derive(Debug, thiserror::Error)]
pub enum NotificationsError {
    /// The stand-in is at a port that only the running proxy knows.
    #[error("set SANDBOX_LISTEN to that of the running proxy, such as 127.0.0.1:8081")]
    UnknownSandbox,
    /// The HTTP client cannot be built.
    #[error("failed to prepare encrypted requests: {0}")]
    Client(String),
    /// A request has failed. The text is that of the log.
    #[error("{0}")]
    Airalo(String),
}

impl From<UpstreamError> for NotificationsError {
    fn from(error: UpstreamError) -> Self {
        Self::Airalo(error.to_string())
    }
}

impl Notifications {
    pub(super) async fn run(self, config: Config) -> Result<ExitCode, CommandError> {
        if matches!(&config.source, Source::Sandbox(options) if options.listen.port() == 0) {
            return Err(NotificationsError::UnknownSandbox.into());
        }
        let (text, status) = self.ask(&client(config)?).await?;
        writeln!(stdout(), "{text}")?;
        Ok(status)
    }

    async fn ask(self, client: &PartnerClient) -> Result<(String, ExitCode), NotificationsError> {
        let token = client.request_token().await?.access_token;
        Ok(match self {
            Self::OptIn(OptIn { url, levels }) => {
                let notice = client.opt_in(&token, &url, &levels).await?;
                (describe(&notice), ExitCode::SUCCESS)
            }
            Self::Status => match client.credit_notice(&token).await? {
                Some(notice) => (describe(&notice), ExitCode::SUCCESS),
                None => ("Airalo sends no notice of used credit.".to_owned(), ExitCode::from(NOT_OPTED_IN)),
            },
            Self::OptOut => {
                client.opt_out(&token).await?;
                ("Airalo sends no notice of used credit any more.".to_owned(), ExitCode::SUCCESS)
            }
        })
    }
}

/// The same client as that of the running proxy. With `--sandbox` it asks the stand-in that a
/// running proxy has started.
pub(super) fn client(config: Config) -> Result<PartnerClient, NotificationsError> {
    let failed = |error: String| NotificationsError::Client(error);
    let (base_url, credentials, outgoing_proxy) = match config.source {
        Source::Partner { base_url, credentials, outgoing_proxy } => (base_url, credentials, outgoing_proxy),
        Source::Sandbox(options) => {
            let base_url = Url::parse(&format!("http://{}", options.listen));
            let sandbox::Config { client_id, client_secret, .. } = sandbox::Config::default();
            let credentials = Credentials { client_id, client_secret };
            (base_url.map_err(|error| failed(error.to_string()))?, credentials, None)
        }
    };
    let (proxy, timeouts) = (outgoing_proxy.as_ref(), config.timeouts);
    PartnerClient::new(&base_url, credentials, proxy, timeouts, Metrics::default())
        .map_err(|error| failed(error_chain(&error)))
}

fn describe(notice: &CreditNotice) -> String {
    let levels: Vec<_> = notice.levels.iter().map(|level| format!("{level} %")).collect();
    let levels = if levels.is_empty() { "its own levels".to_owned() } else { levels.join(", ") };
    format!("Airalo sends a notice to {} when {levels} of the credit are used.", notice.contact_point)
}

/// Airalo is somewhere else, and reaches this address through the internet.
fn webhook_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    match url.scheme() {
        "https" | "http" if url.username().is_empty() && url.password().is_none() => Ok(url),
        _ => Err("must be an https address without a user".to_owned()),
    }
}

fn level(text: &str) -> Result<u8, String> {
    let level = text.trim().trim_end_matches('%').parse().ok();
    level.filter(|level| (1..=100).contains(level)).ok_or_else(|| "must be per cent, such as 80".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_described_with_its_address_and_its_levels() {
        let mut notice = CreditNotice {
            contact_point: "https://balance.example/webhooks/airalo".into(),
            levels: vec![50, 90],
        };
        assert!(describe(&notice).ends_with("/webhooks/airalo when 50 %, 90 % of the credit are used."));
        notice.levels.clear();
        assert!(describe(&notice).ends_with("when its own levels of the credit are used."));
    }

    #[test]
    fn an_address_needs_a_scheme_of_the_web_and_holds_no_password() {
        assert!(webhook_url("https://balance.example/webhooks/airalo").is_ok());
        for text in ["balance.example", "ftp://balance.example", "https://user:word@balance.example", ""] {
            assert!(webhook_url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_level_is_a_part_of_a_hundred() {
        assert_eq!((level("80"), level(" 90% ")), (Ok(80), Ok(90)));
        for text in ["0", "101", "-1", "half", ""] {
            assert!(level(text).is_err(), "{text}");
        }
    }
}
