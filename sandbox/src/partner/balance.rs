//! `GET /v2/balance`, in every mood.

use super::answers::{self, ADDRESS_REFUSED, UNAUTHORISED};
use super::is_authorised;
use crate::connection::Cut;
use crate::{Scenario, World};
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

/// How long a rate-limited caller is told to wait.
const RETRY_AFTER: Duration = Duration::from_secs(7);

/// Between two bytes of [`Scenario::SlowBody`]: short enough that no single wait is too long,
/// long enough that all of them are.
const TRICKLE: Duration = Duration::from_millis(250);

pub(crate) async fn balance(
    State(world): State<Arc<World>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    headers: HeaderMap,
) -> Response {
    world.count_balance_request(headers.keys().map(ToString::to_string).collect());
    if !is_authorised(&world, &headers) {
        return answers::plain(StatusCode::UNAUTHORIZED, UNAUTHORISED);
    }
    match world.scenario() {
        Scenario::SlowHeaders => {
            tokio::time::sleep(world.config().slow).await;
            ok(current(&world))
        }
        Scenario::Reset => {
            cut.reset();
            StatusCode::OK.into_response()
        }
        scenario => answer(&world, scenario),
    }
}

fn answer(world: &World, scenario: Scenario) -> Response {
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
        Scenario::WrongJson => ok(contract!("invalid-flat")),
        Scenario::NotSuccess => ok(contract!("invalid-not-success")),
        Scenario::NotANumber => ok(contract!("invalid-amount-not-a-number")),
        Scenario::TooPrecise => ok(contract!("invalid-amount-too-precise")),
        Scenario::NoAmount => ok(contract!("invalid-no-amount")),
        Scenario::NoCurrency => ok(contract!("invalid-no-currency")),
        Scenario::EmptyBody => ok(""),
        Scenario::EndlessBody => ok(current(world) + &" ".repeat(1 << 20)),
        Scenario::Html => Html(contract!("invalid-html")).into_response(),
        Scenario::Html502 => (StatusCode::BAD_GATEWAY, Html(contract!("invalid-html"))).into_response(),
        Scenario::AddressRefused => answers::plain(StatusCode::FORBIDDEN, ADDRESS_REFUSED),
        Scenario::RateLimited => answers::too_many(Some(answers::in_seconds(RETRY_AFTER))),
        Scenario::RateLimitedUntil => answers::too_many(date(RETRY_AFTER)),
        Scenario::RateLimitedSilently => answers::too_many(None),
        Scenario::Error500 => answers::plain(StatusCode::INTERNAL_SERVER_ERROR, "Server Error"),
        Scenario::Error503 => (
            [(header::RETRY_AFTER, "5")],
            answers::plain(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        )
            .into_response(),
        Scenario::Redirect => (StatusCode::FOUND, [(header::LOCATION, "/v2/balance?again")]).into_response(),
        Scenario::SlowBody => slow_body(current(world)),
        Scenario::CutOff => cut_off(current(world)),
        _ => ok(current(world)),
    }
}

fn ok(body: impl IntoResponse) -> Response {
    answers::plain(StatusCode::OK, body)
}

/// The documented answer, with the digits of the ledger.
fn current(world: &World) -> String {
    format!(
        r#"{{"data":{{"balances":{{"name":"balance","availableBalance":{{"amount":{},"currency":"USD"}}}}}},"meta":{{"message":"success"}}}}"#,
        world.balance()
    )
}

fn date(wait: Duration) -> Option<String> {
    let moment = Timestamp::now().checked_add(SignedDuration::try_from(wait).ok()?).ok()?;
    DateTimePrinter::new().timestamp_to_rfc9110_string(&moment).ok()
}

fn slow_body(body: String) -> Response {
    let bytes = stream::unfold(Bytes::from(body), |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(TRICKLE).await;
        Some((Ok::<_, io::Error>(rest.split_to(1)), rest))
    });
    ok(Body::from_stream(bytes))
}

/// Promises the whole body and sends half of it.
fn cut_off(body: String) -> Response {
    let whole = HeaderValue::from(body.len());
    let half = Bytes::from(body).slice(..40);
    let bytes = stream::unfold(Some(half), |half| async move {
        match half {
            Some(half) => Some((Ok(half), None)),
            None => {
                // The first half has to leave before the failure that ends the connection.
                tokio::time::sleep(Duration::from_millis(50)).await;
                Some((Err(io::Error::from(io::ErrorKind::UnexpectedEof)), None))
            }
        }
    });
    ([(header::CONTENT_LENGTH, whole)], ok(Body::from_stream(bytes))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    #[test]
    fn the_first_answer_is_the_documented_one() {
        assert_eq!(current(&World::new(Config::default())), contract!("balance").trim_end());
    }
}
