//! The bytes of a balance, written once for all requests until the balance changes.

use super::balance::PRIVATE;
use super::balance_json::{self, BalanceJson};
use super::headers;
use crate::balances::CachedBalances;
use crate::etag;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use jiff::fmt::rfc2822::DateTimePrinter;
use std::sync::{Arc, Mutex, PoisonError};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A balance in the forms in which it is served.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The body of `/api/balance`.
    pub(super) json: Bytes,
    /// Of what a reader sees: a later fetch of the same balance has the same tag.
    pub(super) etag: HeaderValue,
    /// All headers that do not depend on the request. `Last-Modified` is the time of the fetch, for
    /// clients that get no body because they know the tag.
    pub(super) headers: HeaderMap,
    /// The content of the card's element on the page.
    pub(super) html: String,
}

impl Answer {
    fn new(cached: &CachedBalances, has_history: bool) -> serde_json::Result<Self> {
        let balance = BalanceJson::new(cached, has_history);
        let json = serde_json::to_vec(&balance)?;
        let etag = etag::weak(&serde_json::to_vec(&balance.without_time())?);
        let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&cached.fetched_at);
        let mut headers = headers::common();
        headers.insert(header::CACHE_CONTROL, PRIVATE);
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(json.len()));
        headers.insert(header::CONTENT_TYPE, JSON);
        headers.insert(header::ETAG, etag.clone());
        if let Some(last_modified) = date.ok().and_then(|date| HeaderValue::try_from(date).ok()) {
            headers.insert(header::LAST_MODIFIED, last_modified);
        }
        Ok(Self { json: json.into(), etag, headers, html: balance_json::to_html(cached, has_history)? })
    }
}

/// The answer for the latest balance. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    latest: Arc<Mutex<Option<Latest>>>,
    has_history: bool,
}

#[derive(Debug)]
struct Latest {
    cached: CachedBalances,
    answer: Arc<Answer>,
}

impl Answers {
    /// Answers that say whether there is a history.
    pub(crate) fn new(has_history: bool) -> Self {
        Self { latest: Arc::default(), has_history }
    }

    /// Whether there is a history to link to.
    pub(super) const fn has_history(&self) -> bool {
        self.has_history
    }

    /// The answer for these balances; `None` where they cannot be written, which is in the log.
    pub(super) fn get(&self, cached: &CachedBalances) -> Option<Arc<Answer>> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = latest.as_ref().filter(|known| known.cached == *cached) {
            return Some(known.answer.clone());
        }
        match Answer::new(cached, self.has_history) {
            Ok(answer) => {
                let answer = Arc::new(answer);
                *latest = Some(Latest { cached: cached.clone(), answer: answer.clone() });
                Some(answer)
            }
            Err(error) => {
                tracing::error!("failed to write the balance: {error}");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balances::StaleReason;
    use airalo_balance::model::{Balance, Currency};

    fn cached(amount: &str, fetched_at: &str, stale: Option<StaleReason>) -> CachedBalances {
        let balance = Balance {
            name: "balance".to_owned(),
            amount: amount.parse().unwrap(),
            currency: Currency::new("USD").unwrap(),
        };
        CachedBalances { balances: [balance].into(), fetched_at: fetched_at.parse().unwrap(), stale }
    }

    #[test]
    fn a_balance_is_written_once_until_it_changes() {
        let answers = Answers::new(false);
        let first = answers.get(&cached("1", "2026-11-23T10:42:00Z", None)).unwrap();
        let same = answers.get(&cached("1", "2026-11-23T10:42:00Z", None)).unwrap();
        assert!(Arc::ptr_eq(&first, &same));
        let later = answers.get(&cached("1", "2026-11-23T10:43:00Z", None)).unwrap();
        assert_ne!(first.json, later.json);
    }

    #[test]
    fn the_tag_changes_with_what_a_reader_sees_and_not_with_the_time_of_the_fetch() {
        let answers = Answers::new(false);
        let etag = |amount, time, stale| answers.get(&cached(amount, time, stale)).unwrap().etag.clone();
        let first = etag("1", "2026-11-23T10:42:00Z", None);
        assert_eq!(etag("1", "2026-11-23T10:43:00Z", None), first);
        assert_ne!(etag("1", "2026-11-23T10:42:00Z", Some(StaleReason::Refreshing)), first);
        assert_ne!(etag("1.01", "2026-11-23T10:42:00Z", None), first);
        // The body differs where the tag does not, so it is a weak one.
        assert!(first.to_str().unwrap().starts_with("W/\""));
    }

    #[test]
    fn the_time_of_the_fetch_is_a_header_too() {
        let answer = Answers::new(false).get(&cached("1", "2026-11-23T10:42:00.9Z", None)).unwrap();
        assert_eq!(answer.headers[header::LAST_MODIFIED], "Mon, 23 Nov 2026 10:42:00 GMT");
    }
}
