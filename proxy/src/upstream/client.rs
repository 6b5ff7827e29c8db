//! The HTTP client of the partner API. No data of our own clients is in its requests.

use super::error::UpstreamError;
use super::http_client::http_client;
use super::retry_after;
use crate::config::{Credentials, OutgoingProxy, Timeouts};
use crate::hex::hex;
use crate::metrics::Metrics;
use airalo_balance::model::{Balance, BalanceResponse, Problem};
use jiff::Timestamp;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::time::Instant;

/// Far more than a balance or a token needs.
const MAX_BODY_BYTES: usize = 64 * 1024;

const BALANCE: &str = "/v2/balance";

/// Where the account of the built-in stand-in is, whose address may be another one at each start.
const STAND_IN: &str = "stand-in";

/// Sends the requests with the credentials of one account.
#[derive(Clone, Debug)]
pub(crate) struct PartnerClient {
    http: Client,
    token_url: Url,
    balance_url: Url,
    opt_in_url: Url,
    opt_out_url: Url,
    credentials: Credentials,
    /// Where the account is, as far as its name tells.
    place: String,
    metrics: Metrics,
}

/// A new token. `expires_in` is what the response states, which is not always plausible.
#[derive(Debug)]
pub(crate) struct TokenResponse {
    pub(crate) access_token: SecretString,
    pub(crate) expires_in: Option<f64>,
}

impl PartnerClient {
    /// Builds a client that asks `base_url` only.
    pub(crate) fn new(
        base_url: &Url,
        credentials: Credentials,
        proxy: Option<&OutgoingProxy>,
        timeouts: Timeouts,
        metrics: Metrics,
    ) -> reqwest::Result<Self> {
        let http = http_client(base_url, proxy)?
            .default_headers(HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]))
            .connect_timeout(timeouts.connect)
            .read_timeout(timeouts.read)
            .timeout(timeouts.request);
        let with_path = |path| {
            let mut url = base_url.clone();
            url.set_path(path);
            url
        };
        Ok(Self {
            http: http.build()?,
            place: with_path(BALANCE).into(),
            token_url: with_path("/v2/token"),
            balance_url: with_path(BALANCE),
            opt_in_url: with_path("/v2/notifications/opt-in"),
            opt_out_url: with_path("/v2/notifications/opt-out"),
            credentials,
            metrics,
        })
    }

    /// A client for the same partner API with other credentials.
    pub(crate) fn with_credentials(&self, credentials: Credentials) -> Self {
        Self { credentials, ..self.clone() }
    }

    /// A client of the built-in stand-in, of which there is one account, wherever it listens.
    pub(crate) fn of_stand_in(self) -> Self {
        Self { place: STAND_IN.to_owned(), ..self }
    }

    /// A name of the account that tells nothing about its credentials.
    pub(crate) fn account(&self) -> String {
        let name = format!("{} {}", self.place, self.credentials.client_id.expose_secret());
        let digest = ring::digest::digest(&ring::digest::SHA256, name.as_bytes());
        hex(&digest.as_ref()[..16])
    }

    pub(crate) const fn secret(&self) -> &SecretString {
        &self.credentials.client_secret
    }

    /// Whether it uses these credentials already.
    pub(crate) fn has(&self, credentials: &Credentials) -> bool {
        let secret = self.credentials.client_secret.expose_secret();
        self.is_same_account(credentials) && secret == credentials.client_secret.expose_secret()
    }

    /// Whether these credentials are for the same account, perhaps with a newer secret.
    pub(crate) fn is_same_account(&self, credentials: &Credentials) -> bool {
        self.credentials.client_id.expose_secret() == credentials.client_id.expose_secret()
    }

    pub(crate) const fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    pub(super) const fn http(&self) -> &Client {
        &self.http
    }

    /// Where Airalo's own notice begins, and where it is looked at.
    pub(super) const fn opt_in_url(&self) -> &Url {
        &self.opt_in_url
    }

    pub(super) const fn opt_out_url(&self) -> &Url {
        &self.opt_out_url
    }

    pub(crate) async fn request_token(&self) -> Result<TokenResponse, UpstreamError> {
        self.measure("token", self.send_token_request()).await
    }

    pub(crate) async fn request_balances(&self, token: &SecretString) -> Result<Vec<Balance>, UpstreamError> {
        self.measure("balance", self.send_balance_request(token)).await
    }

    async fn measure<T>(
        &self,
        endpoint: &'static str,
        request: impl Future<Output = Result<T, UpstreamError>>,
    ) -> Result<T, UpstreamError> {
        let start = Instant::now();
        let result = request.await;
        let outcome = result.as_ref().map_or_else(UpstreamError::outcome, |_| "ok");
        self.metrics.upstream_request(endpoint, outcome, start.elapsed());
        result
    }

    async fn send_token_request(&self) -> Result<TokenResponse, UpstreamError> {
        let form = [
            ("client_id", self.credentials.client_id.expose_secret()),
            ("client_secret", self.credentials.client_secret.expose_secret()),
            ("grant_type", "client_credentials"),
        ];
        let response = self.http.post(self.token_url.clone()).form(&form).send().await?;
        let status = response.status();
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::UNPROCESSABLE_ENTITY) {
            return Err(UpstreamError::CredentialsRefused(status));
        }
        parse_token(&successful_body(response).await?).ok_or(UpstreamError::MissingToken)
    }

    async fn send_balance_request(&self, token: &SecretString) -> Result<Vec<Balance>, UpstreamError> {
        // reqwest marks this header as sensitive, so that it is not printed.
        let request = self.http.get(self.balance_url.clone()).bearer_auth(token.expose_secret());
        let response = request.send().await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            return Err(UpstreamError::TokenRefused);
        }
        let body = successful_body(response).await?;
        Ok(BalanceResponse::parse(&String::from_utf8_lossy(&body))?.balances)
    }
}

/// The body of a successful response, or the error that another status stands for.
pub(super) async fn successful_body(response: Response) -> Result<Vec<u8>, UpstreamError> {
    let status = response.status();
    if status.is_success() {
        return read_body(response).await;
    }
    let retry_after = retry_after::parse(response.headers(), Timestamp::now());
    match status {
        StatusCode::TOO_MANY_REQUESTS => Err(UpstreamError::RateLimited { retry_after }),
        StatusCode::FORBIDDEN => {
            let body = read_body(response).await.unwrap_or_default();
            match Problem::read(&String::from_utf8_lossy(&body)) {
                Some(Problem::AddressRefused) => Err(UpstreamError::AddressRefused),
                _ => Err(UpstreamError::Status { status, retry_after }),
            }
        }
        _ => Err(UpstreamError::Status { status, retry_after }),
    }
}

/// Counts the bytes that arrive, because `Content-Length` may be absent or wrong.
pub(super) async fn read_body(mut response: Response) -> Result<Vec<u8>, UpstreamError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(UpstreamError::BodyTooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn parse_token(body: &[u8]) -> Option<TokenResponse> {
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
    // Decoded as a balance is: a byte order mark is skipped, and a token of other bytes fits no header.
    let body = String::from_utf8_lossy(body);
    let body = body.strip_prefix('\u{feff}').unwrap_or(&body);
    let Data { access_token, expires_in } = serde_json::from_str::<Envelope>(body).ok()?.data;
    let token = access_token.expose_secret();
    let fits_a_header = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    let from_text = expires_in.as_str().and_then(|text| text.trim().parse().ok());
    let expires_in = expires_in.as_f64().or(from_text);
    fits_a_header.then_some(TokenResponse { access_token, expires_in })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expires_in(json: &str) -> Option<f64> {
        let body = format!(r#"{{"data":{{"access_token":"t"{json}}}}}"#);
        parse_token(body.as_bytes()).unwrap().expires_in
    }

    #[test]
    fn a_lifetime_may_be_a_number_a_string_or_unusable() {
        assert_eq!(expires_in(r#","expires_in":31622400"#), Some(31_622_400.0));
        assert_eq!(expires_in(r#","expires_in":"3600""#), Some(3600.0));
        assert_eq!(expires_in(r#","expires_in":-1"#), Some(-1.0));
        for unusable in ["", r#","expires_in":null"#, r#","expires_in":"soon""#, r#","expires_in":[]"#] {
            assert_eq!(expires_in(unusable), None, "{unusable}");
        }
    }

    #[test]
    fn a_byte_order_mark_or_a_byte_that_is_not_utf_8_elsewhere_does_not_cost_the_token() {
        for body in [
            &b"\xef\xbb\xbf{\"data\":{\"access_token\":\"t\"}}"[..],
            &b"{\"data\":{\"access_token\":\"t\"},\"meta\":{\"message\":\"succ\xe8s\"}}"[..],
        ] {
            assert_eq!(parse_token(body).unwrap().access_token.expose_secret(), "t");
        }
    }

    #[test]
    fn a_response_without_a_token_that_fits_a_header_has_no_token() {
        for body in [
            r#"{"data":[]}"#,
            r#"{"data":{}}"#,
            r#"{"data":{"access_token":""}}"#,
            r#"{"data":{"access_token":"a\nb"}}"#,
            r#"{"data":{"access_token":7}}"#,
            r#"{"data":{"access_token":"t"}} 0"#,
            "<html>",
            "",
        ] {
            assert!(parse_token(body.as_bytes()).is_none(), "{body}");
        }
        assert!(parse_token(b"{\"data\":{\"access_token\":\"\xe8\"}}").is_none());
    }

    #[test]
    fn a_token_response_cannot_be_printed() {
        let response = parse_token(br#"{"data":{"access_token":"t0ken"}}"#).unwrap();
        assert!(!format!("{response:?}").contains("t0ken"));
    }
}
