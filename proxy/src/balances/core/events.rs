//! What the core is told, and what it asks for.

use super::tokens::AccessToken;
use crate::problem::ProblemDetails;
use airalo_balance::model::{Balance, Problem};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The time at which something happens.
///
/// Ages are measured with the monotonic clock, which nobody can set. On some systems it stands
/// still while the machine sleeps; the wall clock stays right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    pub(crate) instant: Instant,
    pub(crate) time: Timestamp,
}

/// The result of the action before, or a wait that is over.
#[derive(Debug)]
pub(crate) enum Event {
    /// A wait is over, or was interrupted.
    Woken,
    /// The answer to [`Action::Acquire`].
    Acquired(Acquisition),
    /// The answer to [`Action::RequestToken`]: a token and how long to use it.
    Token(Result<(AccessToken, Duration), Failure>),
    /// The answer to [`Action::RequestBalances`].
    Balances(Result<Arc<[Balance]>, BalancesError>),
    /// [`Action::Share`] or [`Action::Report`] is done.
    Shared,
}

/// What to do next. The core is told the result before anything else is done.
#[derive(Debug)]
pub(crate) enum Action {
    /// Wait until this time, or until a reader wants a newer balance.
    Wait(Option<Instant>),
    /// Ask for the lease, and then for what the other replicas know.
    Acquire,
    /// Request a token from Airalo. All requests of a fetch share one deadline.
    RequestToken { reason: TokenReason, deadline: Instant },
    /// Request the balances from Airalo.
    RequestBalances { token: AccessToken, deadline: Instant },
    /// Tell the other replicas, and then the history.
    Share(Update),
    /// Tell the history only: the shared store could not be reached before the fetch.
    Report(Update),
}

/// Why a token is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenReason {
    /// There was none before.
    First,
    Expired,
    Refused,
}

impl TokenReason {
    /// The value of a label.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Expired => "expired",
            Self::Refused => "refused",
        }
    }
}

/// Whether this replica may ask Airalo, and what the other replicas know.
#[derive(Debug)]
pub(crate) enum Acquisition {
    /// No other replica asks Airalo until the lease is released or expires.
    Leased(Shared),
    /// Another replica has the lease.
    Busy(Shared),
    /// The shared store cannot be reached.
    Unavailable,
}

/// What the replicas share. Ages and delays are durations, because their clocks may differ.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared {
    pub(crate) balances: Option<SharedBalances>,
    pub(crate) failure: Option<SharedFailure>,
    /// The token, and how long it may still be used.
    pub(crate) token: Option<(AccessToken, Duration)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SharedBalances {
    pub(crate) balances: Arc<[Balance]>,
    pub(crate) age: Duration,
}

/// The failure of the latest fetch, if it failed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SharedFailure {
    pub(crate) problem: Problem,
    pub(crate) failures: u32,
    pub(crate) retry_in: Duration,
}

/// What is shared with the other replicas. All but a token release the lease.
#[derive(Clone, Debug)]
pub(crate) enum Update {
    Token(AccessToken, Duration),
    Balances(Arc<[Balance]>),
    Failure(SharedFailure),
    /// Nothing new: the store had what this replica needs.
    Nothing,
}

/// What a fetch of this replica has ended with, for the history and the alerts. Of all replicas the
/// one that has fetched records it.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// [`PartnerClient::account`](crate::upstream::PartnerClient::account) of who was asked.
    pub(crate) account: Arc<str>,
    pub(crate) at: Timestamp,
    pub(crate) result: Result<Arc<[Balance]>, Problem>,
}

/// Why a request to Airalo has failed, as far as it matters for what comes next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Failure {
    pub(crate) problem: Problem,
    /// How long to wait, where Airalo or its limit asks for it.
    pub(crate) retry_after: Option<Duration>,
    /// The shortest delay that keeps within the limit of the endpoint.
    pub(crate) min_delay: Duration,
}

impl Failure {
    pub(crate) const fn of(problem: Problem) -> Self {
        Self { problem, retry_after: None, min_delay: Duration::ZERO }
    }

    /// No more tokens may be requested for this long.
    pub(crate) const fn rate_limited(wait: Duration) -> Self {
        Self { problem: Problem::RateLimited, retry_after: Some(wait), min_delay: wait }
    }
}

/// Why there are no balances.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum BalancesError {
    /// A new token may help.
    TokenRefused,
    Other(Failure),
}

/// Balances with what the card needs to know about their age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CachedBalances {
    pub(crate) balances: Arc<[Balance]>,
    /// The time of Airalo's response.
    pub(crate) fetched_at: Timestamp,
    /// Why they are served although they are not fresh.
    pub(crate) stale: Option<StaleReason>,
}

/// Why a balance that is not fresh is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StaleReason {
    /// A newer one is on its way.
    Refreshing,
    /// The latest fetch failed.
    Problem(Problem),
}

impl StaleReason {
    /// The value of `meta.reason`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Refreshing => "refreshing",
            Self::Problem(problem) => problem.as_str(),
        }
    }
}

/// What a reader gets: balances, or the reason why there are none.
pub(crate) type BalanceResult = Result<CachedBalances, ProblemDetails>;

/// What to do for a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Respond at once.
    Ready(BalanceResult),
    /// Wait for the running fetch: briefly if there is something to respond without it.
    Wait { otherwise: Option<BalanceResult> },
}
