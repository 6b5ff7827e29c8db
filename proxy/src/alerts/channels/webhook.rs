//! A webhook, signed as Standard Webhooks describes.

use super::SendError;
use crate::alerts::body;
use crate::alerts::store::Message;
use crate::config::WebhookConfig;
use crate::upstream::{error_chain, http_client};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Client, StatusCode, Url};
use ring::hmac;
use std::time::Duration;

/// For the whole response. What answers later is tried again.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What the keys of Standard Webhooks begin with.
const KEY_PREFIX: &str = "whsec_";

/// Posts to one URL, and never to another one.
#[derive(Clone)]
pub(crate) struct Webhook {
    http: Client,
    /// It may be the secret by which a chat knows its senders.
    url: Url,
    key: hmac::Key,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhook").finish_non_exhaustive()
    }
}

impl Webhook {
    pub(crate) fn new(config: &WebhookConfig) -> reqwest::Result<Self> {
        let client = http_client(&config.url, config.outgoing_proxy.as_ref())?;
        let http = client.connect_timeout(CONNECT_TIMEOUT).timeout(TIMEOUT).build()?;
        Ok(Self { http, url: config.url.clone(), key: hmac::Key::new(hmac::HMAC_SHA256, &config.key) })
    }

    /// A response with a status of success is all that counts. Its body is not read.
    pub(crate) async fn send(&self, message: &Message, now: Timestamp) -> Result<(), SendError> {
        let body = body::to_json(&message.alert).map_err(|error| SendError::new(error.to_string()))?;
        let seconds = now.as_second().to_string();
        let signature = signature(&self.key, &message.id, &seconds, &body);
        let request = self
            .http
            .post(self.url.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signature)
            .body(body);
        match request.send().await {
            Ok(response) => check_status(response.status()),
            Err(error) if error.is_timeout() => Err(SendError::new("no response in time")),
            Err(error) => Err(SendError::new(error_chain(&error.without_url()))),
        }
    }
}

fn check_status(status: StatusCode) -> Result<(), SendError> {
    if status.is_success() {
        return Ok(());
    }
    if status.is_redirection() {
        let remedy = "which is not followed; set NOTIFY_WEBHOOK_URL to where it leads";
        return Err(SendError::new(format!("a redirect ({status}), {remedy}")));
    }
    let asks_for_later =
        [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS].contains(&status);
    let is_refusal = status.is_client_error() && !asks_for_later;
    Err(SendError { reason: format!("a response with status {status}"), is_refusal })
}

fn signature(key: &hmac::Key, id: &str, seconds: &str, body: &[u8]) -> String {
    let signed = [format!("{id}.{seconds}.").as_bytes(), body].concat();
    format!("v1,{}", STANDARD.encode(hmac::sign(key, &signed)))
}

/// The bytes of a key: 24 to 64, in base64 behind `whsec_`.
pub(crate) fn parse_key(text: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(text.strip_prefix(KEY_PREFIX)?).ok()?;
    (24..=64).contains(&key.len()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn the_signature_is_that_of_standard_webhooks() {
        let key = parse_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let signed =
            signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_key_of_another_form_or_size_is_refused() {
        for text in ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_not base64!"]
        {
            assert_eq!(parse_key(text), None, "{text}");
        }
        assert_eq!(parse_key(&format!("whsec_{}", STANDARD.encode([7; 65]))), None);
    }

    #[test]
    fn only_success_counts_as_delivered() {
        for (status, is_refusal) in [
            (100, false),
            (301, false),
            (307, false),
            (400, true),
            (404, true),
            (408, false),
            (410, true),
            (429, false),
            (500, false),
            (503, false),
        ] {
            let result = check_status(StatusCode::from_u16(status).unwrap());
            assert_eq!(result.map_err(|error| error.is_refusal), Err(is_refusal), "{status}");
        }
        for status in [200, 202, 204] {
            assert_eq!(check_status(StatusCode::from_u16(status).unwrap()), Ok(()));
        }
    }
}
