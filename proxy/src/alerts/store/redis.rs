//! The alerts of many replicas, in Redis or whatever speaks its protocol.
//!
//! Each step is one script, so that no other replica comes between its commands. All times are
//! those of the clock of Redis.

use super::accounts::Accounts;
use super::values::{read_message, read_state, write_message, write_state};
use super::{Change, Claim, Message, Outcome, StoreError, new_id};
use crate::alerts::alert::Alert;
use crate::redis_link::{RedisLink, Step, key};
use crate::time::millis;
use redis::Script;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A replica whose change comes too late makes it anew, with what the others have written.
const ATTEMPTS: usize = 10;

/// A message of an old account is given up long before.
const KEEP_OLD_ACCOUNTS: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What is this old belongs to no replica any more.
const KEEP: Duration = Duration::from_secs(400 * 24 * 60 * 60);

const READ: &str = "return redis.call('GET', KEYS[1]) or ''";

/// Drops a message that cannot be read.
const DROP: &str = "return redis.call('LREM', KEYS[1], 1, ARGV[1])";

/// Writes the state if it is still the one that was read, and queues the messages. The keys after
/// the state are pairs: the messages of a channel, and its times.
const CHANGE: &str = r"
    if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
    for i = 2, #KEYS, 2 do
        for j = 4, #ARGV do redis.call('RPUSH', KEYS[i], ARGV[j]) end
        redis.call('HSET', KEYS[i + 1], 'due_at', 0)
        redis.call('PEXPIRE', KEYS[i], ARGV[3])
        redis.call('PEXPIRE', KEYS[i + 1], ARGV[3])
    end
    return 1
";

/// The first message with the number of failures, or how long to wait: -1 where there is none.
const CLAIM: &str = r"
    local message = redis.call('LINDEX', KEYS[1], 0)
    if not message then return { '', -1 } end
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local known = redis.call('HMGET', KEYS[2], 'due_at', 'leased_until', 'failures')
    local due_at = math.max(tonumber(known[1] or 0), tonumber(known[2] or 0))
    if due_at > now then return { '', due_at - now } end
    redis.call('HSET', KEYS[2], 'leased_until', now + ARGV[1])
    return { message, tonumber(known[3] or 0) }
";

/// Removes a message, or moves it behind the others, and ends the lease. Returns 0 where the message is
/// not there.
const SETTLE: &str = r"
    local found
    for _, message in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
        if string.find(message, ARGV[1] .. ' ', 1, true) == 1 then found = message end
    end
    if not found then return 0 end
    if ARGV[2] ~= 'later' then redis.call('LREM', KEYS[1], 1, found) end
    if ARGV[2] == 'behind' then redis.call('RPUSH', KEYS[1], found) end
    redis.call('HSET', KEYS[2], 'leased_until', 0)
    if ARGV[2] == 'done' then
        redis.call('HSET', KEYS[2], 'due_at', 0, 'failures', 0)
    else
        local time = redis.call('TIME')
        redis.call('HSET', KEYS[2], 'due_at', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[3])
        redis.call('HINCRBY', KEYS[2], 'failures', 1)
    end
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
    redis.call('PEXPIRE', KEYS[2], ARGV[4])
    return 1
";

/// Remembers the accounts before a reload, and returns all that are remembered.
const OLD_ACCOUNTS: &str = r"
    for i = 2, #ARGV do redis.call('SADD', KEYS[1], ARGV[i]) end
    if #ARGV > 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
    return redis.call('SMEMBERS', KEYS[1])
";

/// The alerts that replicas share.
#[derive(Clone)]
pub(crate) struct RedisAlerts {
    link: RedisLink,
    accounts: Accounts,
    scripts: Arc<Scripts>,
}

struct Scripts {
    read: Script,
    change: Script,
    drop: Script,
    claim: Script,
    settle: Script,
    old_accounts: Script,
}

impl fmt::Debug for RedisAlerts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisAlerts").finish_non_exhaustive()
    }
}

impl RedisAlerts {
    pub(crate) fn new(link: RedisLink, account: &str) -> Self {
        let scripts = Scripts {
            read: Script::new(READ),
            change: Script::new(CHANGE),
            drop: Script::new(DROP),
            claim: Script::new(CLAIM),
            settle: Script::new(SETTLE),
            old_accounts: Script::new(OLD_ACCOUNTS),
        };
        Self { link, accounts: Accounts::new(account), scripts: Arc::new(scripts) }
    }

    pub(super) async fn change(
        &self,
        account: &str,
        channels: &[String],
        change: Change,
    ) -> Result<Vec<Alert>, StoreError> {
        let key = key(account, &format!("alerts:state:{account}"));
        for _ in 0..ATTEMPTS {
            let read: String = self
                .link
                .invoke(Step::ReadAlerts, self.scripts.read.prepare_invoke().key(&key))
                .await
                .ok_or(StoreError::Redis)?;
            let (state, alerts) = change(read_state(&read));
            let state = write_state(state)?;
            let messages =
                alerts.iter().map(|alert| write_message(&Message { id: new_id(), alert: alert.clone() }));
            let messages = messages.collect::<Result<Vec<_>, _>>()?;
            let mut invocation = self.scripts.change.prepare_invoke();
            invocation.key(&key).arg(read).arg(state).arg(millis(KEEP)).arg(messages);
            if !alerts.is_empty() {
                for channel in channels {
                    let [messages, times] = queue(account, channel);
                    invocation.key(messages).key(times);
                }
            }
            if self.link.invoke(Step::RaiseAlerts, &invocation).await.ok_or(StoreError::Redis)? {
                if !alerts.is_empty() {
                    self.accounts.queued(account);
                }
                return Ok(alerts);
            }
        }
        Err(StoreError::Contended)
    }

    /// The account of which alerts are delivered from now on. What waits of the one before is delivered
    /// as well.
    pub(super) fn use_account(&self, account: &str) {
        self.accounts.use_account(account);
    }

    pub(super) async fn claim(&self, channel: &str, lease: Duration) -> Result<Claim, StoreError> {
        self.sync_accounts().await?;
        let mut shortest: Option<Duration> = None;
        for account in self.accounts.of_channel(channel) {
            match self.claim_of(&account, channel, lease).await? {
                Claim::Wait(None) => self.accounts.set_empty(&account, channel),
                Claim::Wait(Some(wait)) => shortest = Some(shortest.map_or(wait, |other| other.min(wait))),
                message @ Claim::Message { .. } => return Ok(message),
            }
        }
        Ok(Claim::Wait(shortest))
    }

    /// Tells the store of the accounts before a reload, once, and learns of those before a restart.
    async fn sync_accounts(&self) -> Result<(), StoreError> {
        let Some((current, old)) = self.accounts.to_sync() else { return Ok(()) };
        let mut invocation = self.scripts.old_accounts.prepare_invoke();
        invocation.key(key(&current, "alerts:old-accounts")).arg(millis(KEEP_OLD_ACCOUNTS)).arg(old);
        let old: Vec<String> =
            self.link.invoke(Step::AlertAccounts, &invocation).await.ok_or(StoreError::Redis)?;
        self.accounts.synced(&current, &old);
        Ok(())
    }

    async fn claim_of(&self, account: &str, channel: &str, lease: Duration) -> Result<Claim, StoreError> {
        let mut invocation = self.scripts.claim.prepare_invoke();
        let [messages, times] = queue(account, channel);
        invocation.key(&messages).key(times).arg(millis(lease));
        let (json, number): (String, i64) =
            self.link.invoke(Step::ClaimAlert, &invocation).await.ok_or(StoreError::Redis)?;
        let number = u64::try_from(number).ok();
        if json.is_empty() {
            return Ok(Claim::Wait(number.map(Duration::from_millis)));
        }
        let Some(message) = read_message(&json) else {
            // Of a later version, which was here before this one.
            let mut drop = self.scripts.drop.prepare_invoke();
            self.link
                .invoke::<u64>(Step::SettleAlert, drop.key(messages).arg(json))
                .await
                .ok_or(StoreError::Redis)?;
            tracing::error!(channel, "a message cannot be read and is dropped");
            return Ok(Claim::Wait(Some(lease)));
        };
        let failures = number.and_then(|number| number.try_into().ok()).unwrap_or(u32::MAX);
        Ok(Claim::Message { message, failures })
    }

    pub(super) async fn settle(
        &self,
        channel: &str,
        message: &Message,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        let (word, delay) = match outcome {
            Outcome::Done => ("done", Duration::ZERO),
            Outcome::Later(delay) => ("later", delay),
            Outcome::Behind(delay) => ("behind", delay),
        };
        for account in self.accounts.of_channel(channel) {
            let mut invocation = self.scripts.settle.prepare_invoke();
            let [messages, times] = queue(&account, channel);
            invocation.key(messages).key(times).arg(&message.id);
            invocation.arg(word).arg(millis(delay)).arg(millis(KEEP));
            if self.link.invoke(Step::SettleAlert, &invocation).await.ok_or(StoreError::Redis)? {
                break;
            }
        }
        Ok(())
    }
}

/// The keys of a channel: its messages and its times. State and queue of an account are in one slot of
/// a cluster.
fn queue(account: &str, channel: &str) -> [String; 2] {
    ["messages", "times"].map(|name| key(account, &format!("alerts:{name}:{channel}")))
}
