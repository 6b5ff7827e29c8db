//! `Cache-Status` (RFC 9211): whether a balance came from the cache, for whoever looks into it.

use crate::balances::CacheResult;
use axum::http::{HeaderName, HeaderValue};

pub(super) const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// `detail` is why the balance is stale, or the code of a problem.
pub(super) fn cache_status(result: CacheResult, detail: Option<&'static str>) -> HeaderValue {
    let status = match result {
        CacheResult::Hit | CacheResult::Stale | CacheResult::Error => "airalo-balance; hit",
        CacheResult::Miss => "airalo-balance; fwd=miss",
        CacheResult::Expired => "airalo-balance; fwd=stale",
    };
    // The code of a problem is a token, as the header wants it.
    let detailed = detail.and_then(|detail| HeaderValue::try_from(format!("{status}; detail={detail}")).ok());
    detailed.unwrap_or(HeaderValue::from_static(status))
}
