//! A response as it arrived, before the model parses it. Other tabs get it in this form.

use super::super::clock::{elapsed, from_performance_now, time_of_day};
use crate::model::schedule::Millis;
use crate::model::state::Timestamps;
use crate::model::{BalanceResponse, ErrorCode, FetchError, Reading};
use gloo_net::http;

/// The result of a request: a response, or the reason why there is none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Response {
    /// Why there is no response.
    pub(crate) failure: Option<ErrorCode>,
    /// The HTTP status, if there was a response.
    pub(crate) status: Option<u16>,
    pub(crate) body: String,
    timestamps: Timestamps,
    retry_after: Option<Millis>,
}

impl Response {
    pub(super) fn new(response: &http::Response, body: String) -> Self {
        let headers = response.headers();
        let date = |name| headers.get(name).as_deref().and_then(parse_date);
        let seconds_as_millis =
            |name| headers.get(name)?.trim().parse::<u32>().ok().map(|seconds| Millis::from(seconds) * 1_000);
        let (date_header, age) = (date("Date"), seconds_as_millis("Age"));
        // `Retry-After` is a number of seconds or a date.
        let until_date = || {
            let at = date("Retry-After")?;
            Some((at - date_header.unwrap_or_else(time_of_day)).max(0))
        };
        Self {
            failure: None,
            status: Some(response.status()),
            body,
            timestamps: Timestamps { date: date_header, age, ..Timestamps::default() },
            retry_after: seconds_as_millis("Retry-After").or_else(until_date),
        }
    }

    /// No response came.
    pub(super) fn failed(code: ErrorCode) -> Self {
        Self { failure: Some(code), ..Self::default() }
    }

    /// A response that the page contains. Without a time of its own it is as old as the page.
    pub(crate) fn from_page(body: &str) -> Self {
        let age = elapsed() - from_performance_now(0.0);
        let timestamps = Timestamps { age: Some(age), ..Timestamps::default() };
        Self { body: body.to_owned(), timestamps, ..Self::default() }
    }

    /// A response that another tab received.
    pub(crate) fn from_tab(failure: Option<ErrorCode>, status: Option<u16>, body: String) -> Self {
        Self { failure, status, body, ..Self::default() }
    }

    /// The reading in this response, with the age that the balance had on arrival. A response from
    /// another tab brings its age along as `known_age`.
    pub(crate) fn reading(&self, known_age: Option<Millis>) -> Result<(Reading, Millis), FetchError> {
        if let Some(code) = self.failure {
            return Err(FetchError { status: self.status, ..code.into() });
        }
        let status = self.status.unwrap_or(200);
        if !(200..300).contains(&status) {
            return Err(FetchError::from_status(status, &self.body, self.retry_after));
        }
        let unreadable = |_| FetchError { status: Some(status), ..ErrorCode::InvalidResponse.into() };
        let response = BalanceResponse::parse(&self.body).map_err(unreadable)?;
        let fetched_at = response.fetched_at.as_deref().and_then(parse_date);
        let timestamps = Timestamps { fetched_at, now: time_of_day(), ..self.timestamps };
        let (age, fetched_at) = match known_age {
            Some(age) => (age, timestamps.now - age),
            None => timestamps.resolve(),
        };
        let taken_at = elapsed() - age;
        let balances = response.balances.into();
        Ok((Reading { balances, fetched_at, taken_at, stale: response.stale }, age))
    }
}

fn parse_date(text: &str) -> Option<Millis> {
    // Not `Date.parse`, which datejs replaces by one that reads other formats, and none with a zone.
    let at = js_sys::Date::new(&text.into()).get_time();
    at.is_finite().then_some(at as Millis)
}
