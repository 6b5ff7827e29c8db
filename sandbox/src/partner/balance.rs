//! `GET /v2/balance`, in every scenario.

use super::auth::is_authorized;
use super::responses::{self, ADDRESS_REFUSED, TOKEN_REFUSED};
use crate::connection::ResetHandle;
use crate::scenario::Scenario;
use crate::state::SandboxState;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream;
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};
use std::io;
use std::sync::Arc;
use std::time::Duration;

macro_rules! contract {
    ($name:literal) => {
        include_str!(concat!("../../../contract/", $name, ".json"))
    };
}

/// The `Retry-After` of the rate-limited scenarios.
const RETRY_AFTER: Duration = Duration::from_secs(7);

/// The delay between two bytes of [`Scenario::SlowBody`]. It is too short for a read timeout, so
/// that only a timeout for the whole response ends the request.
const SLOW_BODY_DELAY: Duration = Duration::from_millis(250);

pub(crate) async fn balance(
    State(state): State<Arc<SandboxState>>,
    ConnectInfo(connection): ConnectInfo<ResetHandle>,
    headers: HeaderMap,
) -> Response {
    state.count_balance_request(headers.keys().map(ToString::to_string).collect());
    if !is_authorized(&state, &headers) {
        return responses::plain(StatusCode::UNAUTHORIZED, TOKEN_REFUSED);
    }
    match state.scenario() {
        Scenario::SlowHeaders => {
            tokio::time::sleep(state.config().slow).await;
            ok(balance_json(&state))
        }
        Scenario::Reset => {
            connection.reset();
            StatusCode::OK.into_response()
        }
        scenario => respond(&state, scenario),
    }
}

fn respond(state: &SandboxState, scenario: Scenario) -> Response {
    match scenario {
        Scenario::Zero => ok(contract!("balance-zero")),
        Scenario::Negative => ok(contract!("balance-negative")),
        Scenario::Several => ok(contract!("balance-several")),
        Scenario::NoAccountEmptyList => ok(contract!("no-account-empty-list")),
        Scenario::NoAccountNull => ok(contract!("no-account-null")),
        Scenario::NoAccountAbsent => ok(contract!("no-account-absent")),
        Scenario::NoAccountAccounts => ok(contract!("no-account-accounts")),
        Scenario::NoAccountDataList => ok(contract!("no-account-data-list")),
        Scenario::StringAmount => ok(contract!("balance-string-amount")),
        Scenario::LongAmount => ok(contract!("balance-long-amount")),
        Scenario::UnknownFields => ok(contract!("balance-unknown-fields")),
        Scenario::WrongJson => ok(contract!("invalid-flat")),
        Scenario::NotSuccess => ok(contract!("invalid-not-success")),
        Scenario::NotANumber => ok(contract!("invalid-amount-not-a-number")),
        Scenario::TooPrecise => ok(contract!("invalid-amount-too-precise")),
        Scenario::NoAmount => ok(contract!("invalid-no-amount")),
        Scenario::NoCurrency => ok(contract!("invalid-no-currency")),
        Scenario::EmptyBody => ok(""),
        Scenario::EndlessBody => ok(balance_json(state) + &" ".repeat(1 << 20)),
        Scenario::Html => Html(contract!("invalid-html")).into_response(),
        Scenario::Html502 => (StatusCode::BAD_GATEWAY, Html(contract!("invalid-html"))).into_response(),
        Scenario::AddressRefused => responses::plain(StatusCode::FORBIDDEN, ADDRESS_REFUSED),
        Scenario::RateLimited => responses::rate_limited(Some(responses::whole_seconds(RETRY_AFTER))),
        Scenario::RateLimitedUntil => responses::rate_limited(http_date_after(RETRY_AFTER)),
        Scenario::RateLimitedSilently => responses::rate_limited(None),
        Scenario::Error500 => responses::plain(StatusCode::INTERNAL_SERVER_ERROR, "Server Error"),
        Scenario::Error503 => (
            [(header::RETRY_AFTER, "5")],
            responses::plain(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        )
            .into_response(),
        Scenario::Html504 => (StatusCode::GATEWAY_TIMEOUT, Html(contract!("invalid-html"))).into_response(),
        Scenario::Redirect => (StatusCode::FOUND, [(header::LOCATION, "/v2/balance?again")]).into_response(),
        Scenario::SlowBody => slow_body(balance_json(state)),
        Scenario::CutOff => cut_off(balance_json(state)),
        _ => ok(balance_json(state)),
    }
}

fn ok(body: impl IntoResponse) -> Response {
    responses::plain(StatusCode::OK, body)
}

/// The documented response with the current balance.
fn balance_json(state: &SandboxState) -> String {
    format!(
        r#"{{"data":{{"balances":{{"name":"balance","availableBalance":{{"amount":{},"currency":"USD"}}}}}},"meta":{{"message":"success"}}}}"#,
        state.balance()
    )
}

fn http_date_after(wait: Duration) -> Option<String> {
    let date = Timestamp::now().checked_add(SignedDuration::try_from(wait).ok()?).ok()?;
    DateTimePrinter::new().timestamp_to_rfc9110_string(&date).ok()
}

fn slow_body(body: String) -> Response {
    let bytes = stream::unfold(Bytes::from(body), |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(SLOW_BODY_DELAY).await;
        Some((Ok::<_, io::Error>(rest.split_to(1)), rest))
    });
    ok(Body::from_stream(bytes))
}

/// Announces the length of the whole body, but sends only the beginning.
fn cut_off(body: String) -> Response {
    let full_length = HeaderValue::from(body.len());
    let beginning = Bytes::from(body).slice(..40);
    let bytes = stream::unfold(Some(beginning), |beginning| async move {
        match beginning {
            Some(beginning) => Some((Ok(beginning), None)),
            None => {
                // The beginning must be sent before this error closes the connection.
                tokio::time::sleep(Duration::from_millis(50)).await;
                Some((Err(io::Error::from(io::ErrorKind::UnexpectedEof)), None))
            }
        }
    });
    ([(header::CONTENT_LENGTH, full_length)], ok(Body::from_stream(bytes))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_first_response_is_the_documented_one() {
        assert_eq!(balance_json(&SandboxState::new(Config::default())), contract!("balance").trim_end());
    }
}
