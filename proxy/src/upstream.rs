//! The partner API: two requests, and nothing of a caller in either of them.

use crate::config::{Credentials, Timeouts};
use crate::failure::Failure;
use crate::retry_after;
use airalo_balance::model::{Balance, BalanceResponse, Problem};
use jiff::Timestamp;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// Far more than a balance or a token needs.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Where the partner API is, and who asks.
#[derive(Debug)]
pub(crate) struct Partner {
    client: Client,
    token_url: Url,
    balance_url: Url,
    credentials: Credentials,
}

/// A token as it was issued. Its lifetime is what the answer says, which may be nonsense.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) token: SecretString,
    pub(crate) expires_in: Option<f64>,
}

impl Partner {
    /// Prepares a client that goes nowhere else: no redirect, no proxy of the environment.
    pub(crate) fn new(base: &Url, credentials: Credentials, timeouts: Timeouts) -> reqwest::Result<Self> {
        // Whoever installed a provider before has made the same choice for this process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let encrypted = base.scheme() == "https";
        let mut client = Client::builder()
            .user_agent(concat!("airalo-balance-proxy/", env!("CARGO_PKG_VERSION")))
            .default_headers(HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]))
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .https_only(encrypted)
            .connect_timeout(timeouts.connect)
            .read_timeout(timeouts.read)
            .timeout(timeouts.request);
        if !encrypted {
            // Within the machine no certificate is needed, nor a machine that has any.
            client = client.tls_certs_only([]);
        }
        let at = |path| {
            let mut url = base.clone();
            url.set_path(path);
            url
        };
        Ok(Self {
            client: client.build()?,
            token_url: at("/v2/token"),
            balance_url: at("/v2/balance"),
            credentials,
        })
    }

    /// Asks for a token.
    pub(crate) async fn token(&self) -> Result<Issued, Failure> {
        let form = [
            ("client_id", self.credentials.client_id.expose_secret()),
            ("client_secret", self.credentials.client_secret.expose_secret()),
            ("grant_type", "client_credentials"),
        ];
        let response = self.client.post(self.token_url.clone()).form(&form).send().await?;
        let status = response.status();
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::UNPROCESSABLE_ENTITY) {
            return Err(Failure::CredentialsRefused(status));
        }
        read_token(&success(response).await?).ok_or(Failure::NoToken)
    }

    /// Asks for the balances with a token.
    pub(crate) async fn balances(&self, token: &SecretString) -> Result<Vec<Balance>, Failure> {
        // reqwest marks this header as one that may not be printed.
        let request = self.client.get(self.balance_url.clone()).bearer_auth(token.expose_secret());
        let response = request.send().await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            return Err(Failure::TokenRefused);
        }
        let body = success(response).await?;
        Ok(BalanceResponse::parse(&String::from_utf8_lossy(&body))?.balances)
    }
}

/// The body of an answer that succeeded, or what its status means.
async fn success(response: Response) -> Result<Vec<u8>, Failure> {
    let status = response.status();
    if status.is_success() {
        return body(response).await;
    }
    let retry_after = retry_after::read(response.headers(), Timestamp::now());
    match status {
        StatusCode::TOO_MANY_REQUESTS => Err(Failure::RateLimited { retry_after }),
        StatusCode::FORBIDDEN => {
            let body = body(response).await.unwrap_or_default();
            match Problem::read(&String::from_utf8_lossy(&body)) {
                Some(Problem::AddressRefused) => Err(Failure::AddressRefused),
                _ => Err(Failure::Status { status, retry_after }),
            }
        }
        _ => Err(Failure::Status { status, retry_after }),
    }
}

/// By chunks: a length that is promised says nothing about the length that comes.
async fn body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(Failure::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn read_token(body: &[u8]) -> Option<Issued> {
    #[derive(Deserialize)]
    struct Envelope {
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        access_token: SecretString,
        #[serde(default)]
        expires_in: serde_json::Value,
    }
    let Data { access_token: token, expires_in } = serde_json::from_slice::<Envelope>(body).ok()?.data;
    let is_token =
        !token.expose_secret().is_empty() && token.expose_secret().bytes().all(|b| b.is_ascii_graphic());
    let text = expires_in.as_str().and_then(|text| text.trim().parse().ok());
    is_token.then(|| Issued { token, expires_in: expires_in.as_f64().or(text) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expires_in(json: &str) -> Option<f64> {
        let body = format!(r#"{{"data":{{"access_token":"t"{json}}}}}"#);
        read_token(body.as_bytes()).unwrap().expires_in
    }

    #[test]
    fn a_lifetime_may_be_a_number_a_text_or_nonsense() {
        assert_eq!(expires_in(r#","expires_in":31622400"#), Some(31_622_400.0));
        assert_eq!(expires_in(r#","expires_in":"3600""#), Some(3600.0));
        assert_eq!(expires_in(r#","expires_in":-1"#), Some(-1.0));
        for nonsense in ["", r#","expires_in":null"#, r#","expires_in":"soon""#, r#","expires_in":[]"#] {
            assert_eq!(expires_in(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn an_answer_without_a_token_that_a_header_can_carry_is_no_token() {
        for body in [
            r#"{"data":[]}"#,
            r#"{"data":{}}"#,
            r#"{"data":{"access_token":""}}"#,
            r#"{"data":{"access_token":"a\nb"}}"#,
            r#"{"data":{"access_token":7}}"#,
            "<html>",
            "",
        ] {
            assert!(read_token(body.as_bytes()).is_none(), "{body}");
        }
    }

    #[test]
    fn a_token_cannot_be_printed() {
        let issued = read_token(br#"{"data":{"access_token":"t0ken"}}"#).unwrap();
        assert!(!format!("{issued:?}").contains("t0ken"));
    }
}
