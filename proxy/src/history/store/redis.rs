//! Samples in Redis, where all replicas see them.
//!
//! Each series is a sorted set: the score is the time, and a member has time and amount, so that
//! equal amounts are apart. Each step is one script, so that no other replica comes between its
//! commands, and a step that is repeated changes nothing.

use super::{Entry, Mark, Series, StoreError};
use crate::history::rules::DAYS_KEPT;
use crate::redis_link::{RedisLink, Step, key};
use airalo_balance::model::Currency;
use airalo_balance::model::date::DAY;
use airalo_balance::model::history::Sample;
use redis::Script;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Of one script, so that none takes long.
const MOST_ENTRIES: usize = 1_000;
const MOST_SAMPLES: usize = 10_000;

/// What nobody adds to is deleted when its last sample is too old.
const KEEP_MILLIS: i64 = DAYS_KEPT * DAY * 1_000;

/// Writes samples of one series, and the series that the history is about. Returns the counters
/// before and after.
const WRITE: &str = r"
    local function counters()
        return { tonumber(redis.call('HGET', KEYS[1], 'rewrites') or 0),
                 tonumber(redis.call('HGET', KEYS[1], 'appends') or 0) }
    end
    local before = counters()
    for i = 4, #ARGV, 2 do
        local at, member = ARGV[i], ARGV[i] .. ' ' .. ARGV[i + 1]
        if not redis.call('ZSCORE', KEYS[2], member) then
            local later = redis.call('ZCOUNT', KEYS[2], at, '+inf')
            redis.call('ZREMRANGEBYSCORE', KEYS[2], at, at)
            redis.call('ZADD', KEYS[2], at, member)
            redis.call('HINCRBY', KEYS[1], later > 0 and 'rewrites' or 'appends', 1)
        end
    end
    redis.call('HSET', KEYS[1], 'series ' .. ARGV[1], '')
    if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'primary', ARGV[2]) end
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    redis.call('PEXPIRE', KEYS[2], ARGV[3])
    return { before, counters() }
";

const DELETE: &str = r"
    local deleted = 0
    for i = 1, #ARGV do
        deleted = deleted + redis.call('ZREMRANGEBYSCORE', KEYS[2], ARGV[i], ARGV[i])
    end
    if deleted > 0 then redis.call('HINCRBY', KEYS[1], 'rewrites', 1) end
    return deleted
";

const LOAD: &str = "return redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], '+inf', 'LIMIT', 0, ARGV[2])";

const INDEX: &str = "return redis.call('HGETALL', KEYS[1])";

/// Samples in Redis. Clones share the connection.
#[derive(Clone)]
pub(crate) struct RedisHistory {
    link: RedisLink,
    scripts: Arc<Scripts>,
}

struct Scripts {
    write: Script,
    delete: Script,
    load: Script,
    index: Script,
}

impl fmt::Debug for RedisHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisHistory").finish_non_exhaustive()
    }
}

impl RedisHistory {
    pub(crate) fn new(link: RedisLink) -> Self {
        let scripts = Scripts {
            write: Script::new(WRITE),
            delete: Script::new(DELETE),
            load: Script::new(LOAD),
            index: Script::new(INDEX),
        };
        Self { link, scripts: Arc::new(scripts) }
    }

    pub(super) async fn primary(&self, account: &str) -> Result<Option<Series>, StoreError> {
        Ok(self.index(account).await?.get("primary").and_then(|text| parse_series(text)))
    }

    pub(super) async fn all_series(&self, account: &str) -> Result<Vec<Series>, StoreError> {
        let index = self.index(account).await?;
        let mut names: Vec<_> = index.keys().filter_map(|field| field.strip_prefix("series ")).collect();
        names.sort_unstable();
        Ok(names.into_iter().filter_map(parse_series).collect())
    }

    pub(super) async fn load(
        &self,
        account: &str,
        series: &Series,
        mut from: i64,
    ) -> Result<Vec<Sample>, StoreError> {
        let mut samples: Vec<Sample> = Vec::new();
        loop {
            let mut invocation = self.scripts.load.prepare_invoke();
            invocation.key(samples_key(account, series)).arg(from).arg(MOST_SAMPLES);
            let members: Vec<String> =
                self.link.invoke(Step::ReadHistory, &invocation).await.ok_or(StoreError::Redis)?;
            samples.extend(members.iter().filter_map(|member| parse_sample(member)));
            match samples.last() {
                Some(last) if members.len() == MOST_SAMPLES && last.at >= from => from = last.at + 1,
                _ => return Ok(samples),
            }
        }
    }

    pub(super) async fn write(
        &self,
        account: &str,
        primary: Option<&Series>,
        entries: &[Entry],
    ) -> Result<(Mark, Mark), StoreError> {
        let mut marks: Option<(Mark, Mark)> = None;
        let parts = entries.chunk_by(|a, b| a.series == b.series).flat_map(|part| part.chunks(MOST_ENTRIES));
        let only_primary = entries.is_empty().then_some(entries);
        for part in parts.chain(only_primary) {
            let Some(series) = part.first().map(|entry| &entry.series).or(primary) else { continue };
            let mut invocation = self.scripts.write.prepare_invoke();
            invocation.key(index_key(account)).key(samples_key(account, series));
            invocation.arg(series_text(series)).arg(primary.map(series_text).unwrap_or_default());
            invocation.arg(KEEP_MILLIS);
            for Entry { sample, .. } in part {
                invocation.arg(sample.at).arg(sample.amount.to_string());
            }
            let result: Option<((u64, u64), (u64, u64))> =
                self.link.invoke(Step::WriteHistory, &invocation).await;
            let (before, after) = result.ok_or(StoreError::Redis)?;
            // Where another replica has written in between, the mark before that does not count.
            let before = match marks {
                Some((first, latest)) if latest == mark(before) => first,
                _ => mark(before),
            };
            marks = Some((before, mark(after)));
        }
        match marks {
            Some(marks) => Ok(marks),
            None => self.mark(account).await.map(|mark| (mark, mark)),
        }
    }

    pub(super) async fn delete(
        &self,
        account: &str,
        series: &Series,
        times: Vec<i64>,
    ) -> Result<(), StoreError> {
        for part in times.chunks(MOST_ENTRIES) {
            let mut invocation = self.scripts.delete.prepare_invoke();
            invocation.key(index_key(account)).key(samples_key(account, series)).arg(part);
            self.link.invoke::<u64>(Step::WriteHistory, &invocation).await.ok_or(StoreError::Redis)?;
        }
        Ok(())
    }

    pub(super) async fn mark(&self, account: &str) -> Result<Mark, StoreError> {
        let index = self.index(account).await?;
        let counter = |name| index.get(name).and_then(|text| text.parse().ok()).unwrap_or_default();
        Ok(mark((counter("rewrites"), counter("appends"))))
    }

    async fn index(&self, account: &str) -> Result<HashMap<String, String>, StoreError> {
        let mut invocation = self.scripts.index.prepare_invoke();
        invocation.key(index_key(account));
        self.link.invoke(Step::ReadHistory, &invocation).await.ok_or(StoreError::Redis)
    }
}

const fn mark((rewrites, appends): (u64, u64)) -> Mark {
    Mark { rewrites, appends }
}

fn index_key(account: &str) -> String {
    key(account, "history")
}

fn samples_key(account: &str, series: &Series) -> String {
    key(account, &format!("history:{}", series_text(series)))
}

/// A code of a currency has no space, so it comes first.
fn series_text(series: &Series) -> String {
    format!("{} {}", series.currency.code(), series.name)
}

fn parse_series(text: &str) -> Option<Series> {
    let (currency, name) = text.split_once(' ')?;
    Some(Series { name: name.to_owned(), currency: Currency::new(currency)? })
}

/// `None` if it was not written by this program.
fn parse_sample(member: &str) -> Option<Sample> {
    let (at, amount) = member.split_once(' ')?;
    Some(Sample { at: at.parse().ok()?, amount: amount.parse().ok()? })
}
