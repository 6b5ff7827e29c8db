//! Mail to one recipient, through the mail server of the operator.

use super::SendError;
use crate::alerts::store::Message;
use crate::config::MailConfig;
use crate::upstream::error_chain;
use jiff::Timestamp;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::ExposeSecret;
use std::error::Error;
use std::time::{Duration, SystemTime};
use tokio::time::timeout;

/// From the connection to the last answer of the server.
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends mail to one recipient.
#[derive(Clone)]
pub(crate) struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    to: Mailbox,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").finish_non_exhaustive()
    }
}

impl Mail {
    /// Does not connect yet.
    pub(crate) fn new(config: &MailConfig, to: &Mailbox) -> Result<Self, smtp::Error> {
        // This fails when a provider is installed already, which then is the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(config.smtp_url.expose_secret())?;
        let transport = transport.timeout(Some(TIMEOUT)).build();
        Ok(Self { transport, from: config.from.clone(), to: to.clone() })
    }

    pub(crate) async fn send(&self, message: &Message, now: Timestamp) -> Result<(), SendError> {
        let mail = self.compose(message, now).map_err(|error| SendError::new(error_chain(&error)))?;
        match timeout(TIMEOUT, self.transport.send(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                let reason = one_line(&reason(&error));
                Err(SendError { reason, is_refusal: error.is_permanent() })
            }
            Err(_) => Err(SendError::new("no answer in time")),
        }
    }

    fn compose(&self, message: &Message, now: Timestamp) -> Result<lettre::Message, lettre::error::Error> {
        lettre::Message::builder()
            .from(self.from.clone())
            .to(self.to.clone())
            .subject(message.alert.title())
            .date(SystemTime::from(now))
            // The same at each attempt, so that a mailbox can tell a repetition.
            .message_id(Some(format!("<{}@{}>", message.id, self.from.email.domain())))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(message.alert.text())
    }
}

/// Keeps vacation notices from answering (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// What the server or the connection says. The library's error names its source already.
fn reason(error: &smtp::Error) -> String {
    match error.status() {
        Some(_) => format!("the mail server refuses: {error}"),
        None if error.is_tls() => format!("no encrypted connection: {error}"),
        None => error.to_string(),
    }
}

/// The answer of a server may be long and of several lines.
fn one_line(text: &str) -> String {
    let is_break = |c: char| c.is_control();
    text.chars().map(|c| if is_break(c) { ' ' } else { c }).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::alert::Alert;

    fn mail(from: &str) -> Mail {
        let config = MailConfig {
            smtp_url: "smtp://127.0.0.1:25".into(),
            from: from.parse().unwrap(),
            to: Vec::new(),
        };
        Mail::new(&config, &"Finance <finance@example.com>".parse().unwrap()).unwrap()
    }

    #[test]
    fn a_mail_says_that_a_program_has_sent_it_and_has_the_id_of_its_message() {
        let message = Message { id: "msg_7".to_owned(), alert: Alert::test(Timestamp::UNIX_EPOCH) };
        let mail = mail("Panel <panel@example.com>").compose(&message, Timestamp::UNIX_EPOCH).unwrap();
        let text = String::from_utf8(mail.formatted()).unwrap();
        for line in [
            "From: Panel <panel@example.com>",
            "To: Finance <finance@example.com>",
            "Subject: Test: alerts about Airalo credit arrive here",
            "Date: Thu, 01 Jan 1970 00:00:00 +0000",
            "Message-ID: <msg_7@example.com>",
            "Auto-Submitted: auto-generated",
            "Content-Type: text/plain; charset=utf-8",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in:\n{text}");
        }
    }

    #[test]
    fn an_answer_of_several_lines_is_one_line_of_the_log() {
        assert_eq!(one_line("550-no\r\n550 never"), "550-no  550 never");
        assert_eq!(one_line(&"x".repeat(1000)).len(), 300);
    }
}
