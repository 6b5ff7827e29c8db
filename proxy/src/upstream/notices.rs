//! Airalo's own notice of used credit: to begin it, to look at it, and to end it.

use super::client::{PartnerClient, successful_body};
use super::error::UpstreamError;
use reqwest::{RequestBuilder, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

/// There are others, of data and of orders, which do not concern the credit.
const KIND: &str = "webhook_credit_limit";

const NOT_OPTED_IN: &str = "User is not opted in";

/// What Airalo knows of a notice.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct CreditNotice {
    /// The address that it is sent to.
    pub(crate) contact_point: String,
    /// In per cent of the credit that is used. Airalo may leave them out.
    #[serde(default)]
    pub(crate) levels: Vec<u8>,
}

impl PartnerClient {
    /// Has Airalo send the notice to this address. Without levels Airalo uses its own.
    pub(crate) async fn opt_in(
        &self,
        token: &SecretString,
        url: &Url,
        levels: &[u8],
    ) -> Result<CreditNotice, UpstreamError> {
        let mut body = json!({"type": KIND, "webhook_url": url.as_str()});
        if !levels.is_empty() {
            body["levels"] = json!(levels);
        }
        let request = self.http().post(self.opt_in_url().clone()).json(&body);
        let body = answer_to(request, token).await?;
        parse(&body)?.ok_or(UpstreamError::Unreadable)
    }

    /// The notice that Airalo sends, if it sends one.
    pub(crate) async fn credit_notice(
        &self,
        token: &SecretString,
    ) -> Result<Option<CreditNotice>, UpstreamError> {
        let request = self.http().get(self.opt_in_url().clone());
        match answer_to(request, token).await {
            Ok(body) => parse(&body),
            // How Airalo says so elsewhere.
            Err(UpstreamError::Refused { reason, .. }) if reason == NOT_OPTED_IN => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Has Airalo send the notice no more.
    pub(crate) async fn opt_out(&self, token: &SecretString) -> Result<(), UpstreamError> {
        let request = self.http().post(self.opt_out_url().clone()).json(&json!({"type": KIND}));
        answer_to(request, token).await.map(drop)
    }
}

async fn answer_to(request: RequestBuilder, token: &SecretString) -> Result<Vec<u8>, UpstreamError> {
    let response = request.bearer_auth(token.expose_secret()).send().await?;
    match response.status() {
        StatusCode::UNAUTHORIZED => Err(UpstreamError::TokenRefused),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => Err(refusal(response).await),
        _ => successful_body(response).await,
    }
}

/// The operator who typed the command is told what Airalo says about it.
async fn refusal(response: Response) -> UpstreamError {
    let status = response.status();
    let body = super::client::read_body(response).await.unwrap_or_default();
    UpstreamError::Refused { status, reason: reason(&body) }
}

/// The texts of an error in the shapes that Airalo documents, on one line that is not long.
fn reason(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let fields = body["data"].as_object().into_iter().flat_map(|fields| fields.values());
    let others = [&body["meta"]["message"], &body["reason"], &body["error"]];
    let texts: Vec<_> = fields.chain(others).filter_map(Value::as_str).collect();
    let text: String = texts.join("; ").chars().filter(|c| !c.is_control()).take(300).collect();
    if text.is_empty() { "without a reason".to_owned() } else { text }
}

/// Reads the documented answer. Where there is no notice, its shape is not documented: all that holds
/// none is taken for that, but it has to be an answer of Airalo.
fn parse(body: &[u8]) -> Result<Option<CreditNotice>, UpstreamError> {
    let body: Value = serde_json::from_slice(body).map_err(|_| UpstreamError::Unreadable)?;
    if body["meta"]["message"] != "success" {
        return Err(UpstreamError::Unreadable);
    }
    let notices = match &body["data"]["notification"] {
        Value::Array(several) => several.as_slice(),
        one => std::slice::from_ref(one),
    };
    let notice = notices.iter().find(|notice| notice["type"] == KIND);
    notice.map(|notice| CreditNotice::deserialize(notice).map_err(|_| UpstreamError::Unreadable)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_answer_is_read() {
        let body = include_bytes!("../../../contract/partner-notice.json");
        let notice = parse(body).unwrap().unwrap();
        assert_eq!(
            (notice.contact_point.as_str(), &*notice.levels),
            ("https://example.com", &[50, 70, 80, 90][..])
        );
    }

    #[test]
    fn an_answer_without_a_notice_of_credit_is_no_notice() {
        for data in [
            "[]",
            "null",
            "{}",
            r#"{"notification":null}"#,
            r#"{"notification":[]}"#,
            r#"{"notification":{"type":"webhook_low_data","contact_point":"https://example.com"}}"#,
        ] {
            let body = format!(r#"{{"data":{data},"meta":{{"message":"success"}}}}"#);
            assert_eq!(parse(body.as_bytes()).unwrap(), None, "{data}");
        }
    }

    #[test]
    fn what_is_no_answer_of_airalo_is_an_error_and_not_a_missing_notice() {
        for body in ["", "<html>", "{}", r#"{"data":[],"meta":{"message":"failed"}}"#] {
            assert!(matches!(parse(body.as_bytes()), Err(UpstreamError::Unreadable)), "{body}");
        }
    }

    #[test]
    fn the_reason_of_a_refusal_is_one_short_line() {
        let validation =
            br#"{"data":{"webhook_url":"It must\n answer."},"meta":{"message":"the parameter is invalid"}}"#;
        assert_eq!(reason(validation), "It must answer.; the parameter is invalid");
        assert_eq!(reason(br#"{"error":"User is not opted in"}"#), "User is not opted in");
        assert_eq!(reason(b"<html>"), "without a reason");
        let long = format!(r#"{{"reason":"{}"}}"#, "x".repeat(1000));
        assert_eq!(reason(long.as_bytes()).len(), 300);
    }
}
