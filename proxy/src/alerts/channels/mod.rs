//! Where alerts are sent: a webhook, and each recipient of mail.

mod mail;
mod webhook;

use mail::Mail;
use webhook::Webhook;
pub(crate) use webhook::parse_key;

use super::store::Message;
use crate::config::AlertsConfig;
use crate::upstream::error_chain;
use jiff::Timestamp;
use std::time::Duration;

/// One place where each message arrives once. Each recipient of mail is one, so that a wrong
/// address costs the others nothing.
#[derive(Clone, Debug)]
pub(crate) struct Channel {
    /// The name of its queue.
    pub(crate) name: String,
    sender: Sender,
}

#[derive(Clone, Debug)]
enum Sender {
    Webhook(Webhook),
    Mail(Mail),
}

/// Why a message was not delivered. The text is for the log and holds no secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct SendError {
    pub(crate) reason: String,
    /// The receiver answers, and refuses this message.
    pub(crate) is_refusal: bool,
}

impl Channel {
    /// The channels of a configuration.
    ///
    /// # Errors
    ///
    /// When encrypted connections cannot be prepared.
    pub(crate) fn all(config: &AlertsConfig) -> Result<Vec<Self>, String> {
        let mut channels = Vec::new();
        if let Some(webhook) = &config.webhook {
            let webhook = Webhook::new(webhook).map_err(|error| error_chain(&error.without_url()))?;
            channels.push(Self { name: "webhook".to_owned(), sender: Sender::Webhook(webhook) });
        }
        if let Some(mail) = &config.mail {
            for recipient in &mail.to {
                let name = format!("mail {}", recipient.email);
                let mail = Mail::new(mail, recipient).map_err(|error| error_chain(&error))?;
                channels.push(Self { name, sender: Sender::Mail(mail) });
            }
        }
        Ok(channels)
    }

    /// The value of a label.
    pub(crate) const fn kind(&self) -> &'static str {
        match &self.sender {
            Sender::Webhook(_) => "webhook",
            Sender::Mail(_) => "mail",
        }
    }

    /// How long an attempt may take.
    pub(crate) const fn time_limit(&self) -> Duration {
        match &self.sender {
            Sender::Webhook(_) => webhook::TIMEOUT,
            Sender::Mail(_) => mail::TIMEOUT,
        }
    }

    /// Delivers a message, within that time.
    pub(crate) async fn send(&self, message: &Message, now: Timestamp) -> Result<(), SendError> {
        match &self.sender {
            Sender::Webhook(webhook) => webhook.send(message, now).await,
            Sender::Mail(mail) => mail.send(message, now).await,
        }
    }
}

impl SendError {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), is_refusal: false }
    }
}
