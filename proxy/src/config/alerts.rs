//! When somebody is told, and where.

use super::reader::Reader;
use super::variables::{self as var, Variable};
use super::{OutgoingProxy, outgoing, parse};
use crate::alerts::{RetryPolicy, parse_key};
use airalo_balance::model::{Amount, Thresholds};
use lettre::message::Mailbox;
use reqwest::Url;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::time::Duration;

#[cfg(test)]
mod tests;

/// The most days that a forecast has a number for.
const MOST_DAYS: u32 = 90;

/// How long the balance cannot be read before somebody is told.
const UNREADABLE_AFTER: Duration = Duration::from_secs(60 * 60);

/// Everything that a store is needed for, because an alert is sent once and not once a restart.
const VARIABLES: [&Variable; 9] = [
    &var::LOW_THRESHOLD,
    &var::CRITICAL_THRESHOLD,
    &var::LOW_DAYS,
    &var::CRITICAL_DAYS,
    &var::NOTIFY_WEBHOOK_URL,
    &var::NOTIFY_WEBHOOK_SECRET,
    &var::NOTIFY_SMTP_URL,
    &var::NOTIFY_MAIL_FROM,
    &var::NOTIFY_MAIL_TO,
];

/// Those that can be read from a file instead.
const SECRETS: [&Variable; 3] =
    [&var::NOTIFY_WEBHOOK_URL, &var::NOTIFY_WEBHOOK_SECRET, &var::NOTIFY_SMTP_URL];

/// When somebody is told, and where.
#[derive(Clone, Debug)]
pub struct AlertsConfig {
    /// In the currency of the balance.
    pub(crate) amounts: Thresholds<Amount>,
    /// In days of credit left.
    pub(crate) days: Thresholds<u32>,
    pub(crate) webhook: Option<WebhookConfig>,
    pub(crate) mail: Option<MailConfig>,
    /// How long the balance cannot be read before somebody is told. There is no variable for it.
    pub unreadable_after: Duration,
    /// When a delivery is tried again. There are no variables for it.
    pub retry: RetryPolicy,
}

/// Where alerts are posted. Neither the URL nor the key can be printed.
#[derive(Clone)]
pub(crate) struct WebhookConfig {
    pub(crate) url: Url,
    pub(crate) key: Zeroizing<Vec<u8>>,
    pub(crate) outgoing_proxy: Option<OutgoingProxy>,
}

/// Where alerts are mailed.
#[derive(Clone, Debug)]
pub(crate) struct MailConfig {
    /// With the requirement of encryption where the server is on another machine.
    pub(crate) smtp_url: SecretString,
    pub(crate) from: Mailbox,
    pub(crate) to: Vec<Mailbox>,
}

impl fmt::Debug for WebhookConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookConfig").finish_non_exhaustive()
    }
}

impl AlertsConfig {
    /// When somebody is told and where, in words and without a secret.
    pub(crate) fn describe(&self) -> String {
        let amount = |at: Option<Amount>, level| at.map(|at| format!("{level} at {at} or less"));
        let days = |at: Option<u32>, level| at.map(|at| format!("{level} at {at} days left or fewer"));
        let rules = [
            amount(self.amounts.low, "low"),
            amount(self.amounts.critical, "critical"),
            days(self.days.low, "low"),
            days(self.days.critical, "critical"),
            Some("critical at zero".to_owned()),
        ];
        let mut channels = Vec::new();
        if let Some(webhook) = &self.webhook {
            channels.push(format!("posted to {}", webhook.url.host_str().unwrap_or_default()));
        }
        if let Some(mail) = &self.mail {
            let to: Vec<_> = mail.to.iter().map(|mailbox| mailbox.email.to_string()).collect();
            channels.push(format!("mailed to {}", to.join(", ")));
        }
        if !self.has_channel() {
            channels
                .push("in the log only (neither NOTIFY_WEBHOOK_URL nor NOTIFY_SMTP_URL is set)".to_owned());
        }
        let rules: Vec<_> = rules.into_iter().flatten().collect();
        format!("{}; {}", rules.join(", "), channels.join(", "))
    }

    /// Whether alerts go anywhere but to the log.
    pub(crate) const fn has_channel(&self) -> bool {
        self.webhook.is_some() || self.mail.is_some()
    }
}

/// `Some(None)` means that no variable of alerts is set; `None` means that an error was reported.
pub(super) fn read<F: Fn(&str) -> Option<String>>(
    reader: &mut Reader<F>,
    has_store: bool,
) -> Option<Option<AlertsConfig>> {
    let amounts = read_thresholds(reader, [&var::LOW_THRESHOLD, &var::CRITICAL_THRESHOLD], |text| {
        text.parse().ok().filter(|amount| *amount > Amount::ZERO)
    });
    let days = read_thresholds(reader, [&var::LOW_DAYS, &var::CRITICAL_DAYS], |text| {
        text.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days))
    });
    let webhook = read_webhook(reader);
    let mail = read_mail(reader);
    let set: Vec<_> = VARIABLES.into_iter().filter(|variable| is_set(reader, variable)).collect();
    if let [first, ..] = *set
        && !has_store
    {
        let remedy = "needs a store, because an alert is sent once and not once a restart: set HISTORY to a \
                      file, or REDIS_URL";
        reader.report(first.name, remedy);
    }
    let config = AlertsConfig {
        amounts: amounts?,
        days: days?,
        webhook: webhook?,
        mail: mail?,
        unreadable_after: UNREADABLE_AFTER,
        retry: RetryPolicy::default(),
    };
    Some(if set.is_empty() { None } else { Some(config) })
}

fn is_set<F: Fn(&str) -> Option<String>>(reader: &Reader<F>, variable: &Variable) -> bool {
    let is_secret = SECRETS.iter().any(|secret| secret.name == variable.name);
    let in_file = || reader.value(&format!("{}_FILE", variable.name)).is_some();
    reader.value(variable.name).is_some() || (is_secret && in_file())
}

fn read_thresholds<T: Copy + PartialOrd, F: Fn(&str) -> Option<String>>(
    reader: &mut Reader<F>,
    [low, critical]: [&Variable; 2],
    parse: impl Fn(&str) -> Option<T>,
) -> Option<Thresholds<T>> {
    let (lower, upper) = (reader.read_optional(critical, &parse), reader.read_optional(low, &parse));
    let thresholds = Thresholds { low: upper?, critical: lower? };
    if let (Some(upper), Some(lower)) = (thresholds.low, thresholds.critical)
        && lower > upper
    {
        let remedy = format!("must not be above {}; exchange the two", low.name);
        reader.report(critical.name, remedy);
        return None;
    }
    Some(thresholds)
}

fn read_webhook<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) -> Option<Option<WebhookConfig>> {
    require_together(reader, &[&var::NOTIFY_WEBHOOK_URL, &var::NOTIFY_WEBHOOK_SECRET]);
    let url = reader.read_optional_secret(&var::NOTIFY_WEBHOOK_URL, |text| parse_webhook_url(text).is_some());
    let key = reader.read_optional_secret(&var::NOTIFY_WEBHOOK_SECRET, |text| parse_key(text).is_some());
    let (Some(url), Some(key)) = (url?, key?) else { return Some(None) };
    let url = parse_webhook_url(url.expose_secret())?;
    let outgoing_proxy = outgoing::read(reader, &url)?;
    let key = parse_key(key.expose_secret())?.into();
    Some(Some(WebhookConfig { url, key, outgoing_proxy }))
}

/// Unencrypted, whoever is in between could read the alert and the URL.
fn parse_webhook_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_safe = match url.scheme() {
        "https" => true,
        "http" => parse::is_loopback(url.host_str()?),
        _ => false,
    };
    is_safe.then_some(url)
}

fn read_mail<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) -> Option<Option<MailConfig>> {
    require_together(reader, &[&var::NOTIFY_SMTP_URL, &var::NOTIFY_MAIL_FROM, &var::NOTIFY_MAIL_TO]);
    let smtp_url = reader.read_optional_secret(&var::NOTIFY_SMTP_URL, |text| parse_smtp_url(text).is_some());
    let from = reader.read_optional(&var::NOTIFY_MAIL_FROM, |text| text.parse().ok());
    let to = reader.read_optional(&var::NOTIFY_MAIL_TO, |text| {
        let recipients = text.split(',').map(str::trim).filter(|recipient| !recipient.is_empty());
        let recipients = recipients.map(|recipient| recipient.parse().ok()).collect::<Option<Vec<Mailbox>>>();
        recipients.filter(|recipients| !recipients.is_empty())
    });
    let (Some(url), Some(from), Some(mut to)) = (smtp_url?, from?, to?) else { return Some(None) };
    to.sort_by(|a, b| a.email.cmp(&b.email));
    to.dedup_by(|a, b| a.email == b.email);
    Some(Some(MailConfig { smtp_url: parse_smtp_url(url.expose_secret())?, from, to }))
}

/// The URL as the library reads it, with the requirement of encryption. Elsewhere than on this
/// machine the password and the alert would travel in the clear.
fn parse_smtp_url(text: &str) -> Option<SecretString> {
    let mut url = Url::parse(text).ok()?;
    let host = url.host_str()?.to_owned();
    let has_host_only = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    // The library takes no user without a password.
    let has_both_or_none = url.username().is_empty() == url.password().is_none();
    let is_known = matches!(url.scheme(), "smtp" | "smtps");
    if !has_host_only || !has_both_or_none || !is_known {
        return None;
    }
    if url.scheme() == "smtp" && !parse::is_loopback(&host) {
        url.set_query(Some("tls=required"));
    }
    Some(String::from(url).into())
}

/// Reports each of these variables that is missing although another one is set.
fn require_together<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>, variables: &[&Variable]) {
    let (set, missing): (Vec<_>, Vec<_>) =
        variables.iter().copied().partition(|variable| is_set(reader, variable));
    if let [given, ..] = *set {
        for variable in missing {
            let remedy = format!("is missing; {} needs it, so set it to {}", given.name, variable.expected);
            reader.report(variable.name, remedy);
        }
    }
}
