//! A response as it arrived, before the model parses it. Other tabs get it in this form.

use super::super::clock::{elapsed, time_of_day};
use super::super::{page_load, warn};
use crate::model::response::ParseError;
use crate::model::schedule::Millis;
use crate::model::timestamps::{FetchedAt, ServerClock, Timestamps, normalized_rfc3339};
use crate::model::{BalanceResponse, ErrorCode, FetchError, HistoryResponse, Reading};
use gloo_net::http;

/// What another tab has found out about a response that it shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TabReading {
    /// The age of the balance, if it is known.
    pub(crate) age: Option<Millis>,
    pub(crate) stale: bool,
}

/// The result of a request: a response, or the reason why there is none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Response {
    /// Why there is no response.
    pub(crate) failure: Option<ErrorCode>,
    /// The HTTP status, if there was a response.
    pub(crate) status: Option<u16>,
    pub(crate) body: String,
    timestamps: Timestamps,
    /// The balance may be of any age, unless the body names a time.
    age_is_unknown: bool,
    pub(crate) retry_after: Option<Millis>,
    content_type: Option<String>,
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
            age_is_unknown: false,
            retry_after: seconds_as_millis("Retry-After").or_else(until_date),
            content_type: headers.get("Content-Type"),
        }
    }

    /// No response came.
    pub(super) fn failed(code: ErrorCode) -> Self {
        Self { failure: Some(code), ..Self::default() }
    }

    /// A response that the page contains. Without a time of its own it is as old as the page.
    pub(crate) fn from_page(body: &str) -> Self {
        let age = page_load::age();
        let timestamps = Timestamps { age, ..Timestamps::default() };
        Self { body: body.to_owned(), timestamps, age_is_unknown: age.is_none(), ..Self::default() }
    }

    /// A response that another tab received.
    pub(crate) fn from_tab(
        failure: Option<ErrorCode>,
        status: Option<u16>,
        body: String,
        retry_after: Option<Millis>,
    ) -> Self {
        Self { failure, status, body, retry_after, ..Self::default() }
    }

    /// The reading in this response. `clock` is that of the server; `from_tab` is there if the
    /// response came from another tab.
    pub(crate) fn reading(
        &self,
        clock: &mut ServerClock,
        from_tab: Option<TabReading>,
    ) -> Result<Reading, FetchError> {
        let response = BalanceResponse::parse(self.body()?).map_err(|error| self.unreadable(error))?;
        let (now, elapsed) = (time_of_day(), elapsed());
        let (fetched_at, replay) = match from_tab {
            Some(TabReading { age, stale }) => {
                (age.map(|age| FetchedAt { time: now - age, elapsed: elapsed - age }), stale)
            }
            None => {
                let stated = response.fetched_at.as_deref();
                let parsed = stated.and_then(normalized_rfc3339).as_deref().and_then(parse_date);
                let stamps = Timestamps { fetched_at: parsed, now, elapsed, ..self.timestamps };
                let (at, replay) = stamps.resolve(clock);
                // A time that cannot be read may be any time.
                let unknown = parsed.is_none() && (stated.is_some() || self.age_is_unknown);
                ((!unknown).then_some(at), replay)
            }
        };
        let balances = response.balances.into();
        let stale = response.stale || replay;
        let refreshing = response.refreshing && !replay;
        let BalanceResponse { reason, history, .. } = response;
        Ok(Reading { balances, fetched_at, stale, reason, refreshing, history })
    }

    /// The history in this response, if anything has been recorded.
    pub(crate) fn history(&self) -> Result<Option<HistoryResponse>, FetchError> {
        HistoryResponse::parse(self.body()?).map_err(|error| self.unreadable(error))
    }

    /// The body of a response that succeeded.
    fn body(&self) -> Result<&str, FetchError> {
        if let Some(code) = self.failure {
            return Err(FetchError { status: self.status, ..code.into() });
        }
        let status = self.status.unwrap_or(200);
        if !(200..300).contains(&status) {
            return Err(FetchError::from_status(status, &self.body, self.retry_after));
        }
        Ok(&self.body)
    }

    /// The reader sees that the answer cannot be read, and the developer of the server why.
    fn unreadable(&self, error: ParseError) -> FetchError {
        let kind = self.content_type.as_deref().map(|kind| format!(" (Content-Type: {kind})"));
        warn(&format!("<airalo-balance>: {error}{}.", kind.unwrap_or_default()));
        FetchError { status: Some(self.status.unwrap_or(200)), ..ErrorCode::InvalidResponse.into() }
    }
}

fn parse_date(text: &str) -> Option<Millis> {
    // Not `Date.parse`, which datejs replaces by one that reads other formats, and none with a zone.
    let at = js_sys::Date::new(&text.into()).get_time();
    at.is_finite().then_some(at as Millis)
}
