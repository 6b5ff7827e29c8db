//! The store of many replicas: Redis, or whatever speaks its protocol.
//!
//! Each step is one script, so that no other replica comes between its commands. Ages and delays
//! follow from the time that a key has left, which is measured on the clock of Redis alone.

use super::cipher::TokenCipher;
use super::secret_id::secret_id;
use super::values::{self, StoredBalances, StoredFailure};
use super::{Sharing, TokenPermit};
use crate::balances::core::{
    Acquisition, Policy, REQUESTS_PER_MINUTE, Shared, SharedBalances, SharedFailure, Update,
};
use crate::redis_link::{RedisLink, Step, key};
use crate::time::millis;
use airalo_balance::model::Problem;
use redis::Script;
use secrecy::SecretString;
use std::time::Duration;

/// A lease outlives the fetch that it is for, so that it expires only if its replica is gone.
const LEASE_MARGIN: Duration = Duration::from_secs(3);

/// How long the number of failures is remembered after the delay of the latest one.
const FAILURE_MEMORY: Duration = Duration::from_secs(600);

/// Takes the lease if nobody has it, and then reads what is known, in this order: another replica
/// may have fetched the balances a moment ago.
const ACQUIRE: &str = r"
    local leased = redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
    if redis.call('GET', KEYS[1]) == ARGV[1] then leased = true end
    local known = {}
    for i = 2, #KEYS do
        known[i - 1] = { redis.call('GET', KEYS[i]) or '', redis.call('PTTL', KEYS[i]) }
    end
    return { leased and 1 or 0, known }
";

/// Takes one of the token requests of this minute, or returns the milliseconds until there is one.
const TAKE_TOKEN_REQUEST: &str = r"
    local wait = nil
    for i = 1, #KEYS do
        if redis.call('SET', KEYS[i], '1', 'NX', 'PX', ARGV[1]) then return 0 end
        local left = redis.call('PTTL', KEYS[i])
        if not wait or left < wait then wait = left end
    end
    return math.max(wait, 1)
";

/// Writes a value if this replica still has the lease: what a late replica knows is old. Then
/// forgets the latest failures and releases the lease, where that is wanted.
const SHARE: &str = r"
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    if ARGV[2] ~= '' then redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3]) end
    if ARGV[4] == '1' then redis.call('DEL', KEYS[3], KEYS[4]) end
    if ARGV[5] == '1' then redis.call('DEL', KEYS[1]) end
    return 1
";

/// The store of one account.
pub(crate) struct RedisStore {
    link: RedisLink,
    keys: Keys,
    cipher: TokenCipher,
    /// The name of this replica as the holder of the lease.
    owner: String,
    lease: Duration,
    /// How long balances are kept: as long as any replica may serve them.
    keep: Duration,
    scripts: Scripts,
}

struct Keys {
    lease: String,
    balances: String,
    failure: String,
    /// The failure of those replicas whose secret Airalo refuses. One with another secret goes on.
    refusal: String,
    token: String,
    token_requests: [String; REQUESTS_PER_MINUTE],
}

struct Scripts {
    acquire: Script,
    take_token_request: Script,
    share: Script,
}

impl std::fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisStore").finish_non_exhaustive()
    }
}

impl Keys {
    fn new(account: &str, secret: &SecretString) -> Self {
        let key = |name: &str| key(account, name);
        Self {
            lease: key("lease"),
            balances: key("balances"),
            failure: key("failure"),
            refusal: key(&format!("refusal:{}", secret_id(secret, account))),
            token: key("token"),
            token_requests: std::array::from_fn(|index| key(&format!("token-request:{index}"))),
        }
    }
}

/// What [`ACQUIRE`] returns: whether the lease is taken, and each value with its milliseconds left.
type Known = (bool, [(Vec<u8>, i64); 4]);

impl RedisStore {
    /// `account` names the account without telling its credentials, and `secret` encrypts its token.
    pub(crate) fn new(link: RedisLink, account: &str, secret: &SecretString, policy: Policy) -> Self {
        Self {
            link,
            keys: Keys::new(account, secret),
            cipher: TokenCipher::new(secret, account),
            owner: format!("{:032x}", fastrand::u128(..)),
            lease: policy.fetch_timeout + LEASE_MARGIN,
            keep: policy.ttl.max(policy.max_stale),
            scripts: Scripts {
                acquire: Script::new(ACQUIRE),
                take_token_request: Script::new(TAKE_TOKEN_REQUEST),
                share: Script::new(SHARE),
            },
        }
    }

    /// The same store for another account, or with another secret.
    pub(crate) fn with_account(self, account: &str, secret: &SecretString) -> Self {
        Self { keys: Keys::new(account, secret), cipher: TokenCipher::new(secret, account), ..self }
    }

    pub(crate) async fn acquire(&self) -> Acquisition {
        let mut invocation = self.scripts.acquire.prepare_invoke();
        let Keys { lease, balances, failure, refusal, token, .. } = &self.keys;
        for key in [lease, balances, failure, refusal, token] {
            invocation.key(key);
        }
        invocation.arg(&self.owner).arg(millis(self.lease).max(1));
        match self.link.invoke::<Known>(Step::Lease, &invocation).await {
            Some((leased, [balances, failure, refusal, (token, token_left)])) => {
                let failures = [failure, refusal].map(|(value, left)| shared_failure(&value, left));
                let shared = Shared {
                    balances: shared_balances(&balances.0, balances.1),
                    failure: failures.into_iter().flatten().max_by_key(|one| (one.retry_in, one.failures)),
                    token: self.cipher.decrypt(&token).zip(time_left(token_left)),
                };
                if leased { Acquisition::Leased(shared) } else { Acquisition::Busy(shared) }
            }
            None => Acquisition::Unavailable,
        }
    }

    /// Without the store each replica keeps within a limit of its own.
    pub(crate) async fn acquire_token_request(&self) -> TokenPermit {
        let mut invocation = self.scripts.take_token_request.prepare_invoke();
        for key in &self.keys.token_requests {
            invocation.key(key);
        }
        invocation.arg(60_000);
        match self.link.invoke::<u64>(Step::Lease, &invocation).await {
            None | Some(0) => TokenPermit::Granted,
            Some(wait) => TokenPermit::Denied(Duration::from_millis(wait)),
        }
    }

    /// A failure to share costs the other replicas a request of their own, and nothing else.
    pub(crate) async fn share(&self, update: &Update) -> Sharing {
        let (key, value, keep) = match update {
            Update::Token(token, lifetime) => (&self.keys.token, self.cipher.encrypt(token), *lifetime),
            Update::Balances(balances) => {
                (&self.keys.balances, values::to_json(&StoredBalances::new(balances, self.keep)), self.keep)
            }
            Update::Failure(failure) => {
                let keep = failure.retry_in + FAILURE_MEMORY;
                let is_refusal = failure.problem == Problem::CredentialsRefused;
                let key = if is_refusal { &self.keys.refusal } else { &self.keys.failure };
                (key, values::to_json(&StoredFailure::new(failure, keep)), keep)
            }
            Update::Nothing => (&self.keys.balances, Vec::new(), Duration::ZERO),
        };
        let forgets_failure = matches!(update, Update::Balances(_));
        let releases = !matches!(update, Update::Token(..));
        let mut invocation = self.scripts.share.prepare_invoke();
        invocation.key(&self.keys.lease).key(key).key(&self.keys.failure).key(&self.keys.refusal);
        invocation.arg(&self.owner).arg(value).arg(millis(keep).max(1));
        invocation.arg(u8::from(forgets_failure)).arg(u8::from(releases));
        match self.link.invoke::<bool>(Step::Share, &invocation).await {
            Some(true) => Sharing::Shared,
            Some(false) => {
                tracing::warn!("the lease was lost before the result of a fetch could be shared");
                Sharing::LeaseLost
            }
            None => Sharing::Unknown,
        }
    }
}

/// `PTTL` is negative for a key that is not there.
fn time_left(millis: i64) -> Option<Duration> {
    u64::try_from(millis).ok().map(Duration::from_millis)
}

fn shared_balances(json: &[u8], left: i64) -> Option<SharedBalances> {
    let (balances, keep) = values::from_json::<StoredBalances>(json)?.into_parts()?;
    Some(SharedBalances { balances, age: keep.saturating_sub(time_left(left)?) })
}

fn shared_failure(json: &[u8], left: i64) -> Option<SharedFailure> {
    let (problem, failures, keep) = values::from_json::<StoredFailure>(json)?.into_parts()?;
    let passed = keep.saturating_sub(time_left(left)?);
    let retry_in = keep.saturating_sub(FAILURE_MEMORY).saturating_sub(passed);
    Some(SharedFailure { problem, failures, retry_in })
}
