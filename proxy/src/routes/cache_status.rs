//! `Cache-Status` (RFC 9211): whether a balance came from the cache, for whoever looks into it.

use crate::balances::CacheResult;
use axum::http::{HeaderName, HeaderValue};

pub(super) const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// `detail` is why the balance is stale, or the code of a problem.
pub(super) fn cache_status(result: CacheResult, detail: Option<&'static str>) -> HeaderValue {
    let outcome = match result {
        CacheResult::Hit | CacheResult::Stale | CacheResult::Error => "hit",
        CacheResult::Miss => "fwd=miss",
        CacheResult::Expired => "fwd=stale",
    };
    let detail = detail.map(|detail| format!("; detail={detail}")).unwrap_or_default();
    // The parts are all names of our own, so they fit into a header.
    HeaderValue::try_from(format!("airalo-balance; {outcome}{detail}"))
        .unwrap_or(HeaderValue::from_static("airalo-balance"))
}
