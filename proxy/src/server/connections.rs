//! All connections of a listener: which one is let in, and which ones are closed for it.

#[cfg(test)]
mod tests;

use super::activity::{Activity, Deadlines};
use super::clients::network_of;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// How many connections a listener holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) total: usize,
    pub(crate) per_client: usize,
}

impl Limits {
    /// Four clients together can take all of them.
    pub(crate) const fn of_total(total: usize) -> Self {
        Self { total, per_client: total.div_ceil(4) }
    }
}

/// One in so many connections is closed at once: finding them takes time, which a flood of new
/// connections would use up.
const CLOSED_ONE_IN: usize = 16;

/// Something else has taken the descriptors if there are not even so many.
const MIN_CAPACITY: usize = 16;

/// The connections of one listener. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Connections {
    limits: Limits,
    table: Arc<Mutex<Table>>,
}

#[derive(Debug, Default)]
struct Table {
    closed_at_once: usize,
    /// At most the limit of the listener, and less where the system had no descriptors left.
    capacity: usize,
    next_id: u64,
    entries: HashMap<u64, Arc<Activity>>,
    per_client: HashMap<IpAddr, usize>,
}

/// The place of one connection, which is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    id: u64,
    pub(super) activity: Arc<Activity>,
    connections: Connections,
}

impl Connections {
    pub(super) fn new(limits: Limits) -> Self {
        let closed_at_once = limits.total.div_ceil(CLOSED_ONE_IN);
        Self {
            limits,
            table: Arc::new(Mutex::new(Table { closed_at_once, capacity: limits.total, ..Table::default() })),
        }
    }

    /// Nothing panics while it holds the lock.
    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a connection in, for which others may be closed. `None` if none of them may.
    pub(super) fn admit(&self, peer: IpAddr, is_limited: bool, now: Instant) -> Option<Place> {
        let client = network_of(peer);
        let mut table = self.table();
        let held = table.held_by(client);
        if is_limited && held >= self.limits.per_client && !table.close_own(client, now) {
            return None;
        }
        if table.entries.len() >= table.capacity && !table.close_others(held + 1, now) {
            return None;
        }
        let activity = Arc::new(Activity::new(client, is_limited, now));
        let id = table.insert(activity.clone());
        Some(Place { id, activity, connections: self.clone() })
    }

    pub(super) fn is_full(&self) -> bool {
        let table = self.table();
        table.entries.len() >= table.capacity
    }

    /// The system holds no more connections than these. Closes one of each client that holds most.
    pub(super) fn lower_capacity(&self, now: Instant) {
        let mut table = self.table();
        let most = table.per_client.values().copied().max().unwrap_or(0);
        table.close_others(most, now);
        table.capacity = table.entries.len().max(MIN_CAPACITY).min(self.limits.total);
    }

    /// Finds out again and again whether the system holds more.
    pub(super) fn raise_capacity(&self) {
        let mut table = self.table();
        table.capacity = (table.capacity + 1).min(self.limits.total);
    }

    pub(super) fn close_overdue(&self, deadlines: &Deadlines, now: Instant) {
        let mut table = self.table();
        let overdue = |(id, activity): (&u64, &Arc<Activity>)| Some((*id, activity.overdue(deadlines, now)?));
        let overdue: Vec<_> = table.entries.iter().filter_map(overdue).collect();
        for (id, reason) in overdue {
            tracing::debug!("closing a connection: {reason}");
            table.close(id);
        }
    }
}

impl Table {
    fn insert(&mut self, activity: Arc<Activity>) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        *self.per_client.entry(activity.client).or_default() += 1;
        self.entries.insert(id, activity);
        id
    }

    fn remove(&mut self, id: u64) -> Option<Arc<Activity>> {
        let activity = self.entries.remove(&id)?;
        if let Some(held) = self.per_client.get_mut(&activity.client) {
            *held -= 1;
            if *held == 0 {
                self.per_client.remove(&activity.client);
            }
        }
        Some(activity)
    }

    fn close(&mut self, id: u64) {
        if let Some(activity) = self.remove(id) {
            activity.end();
        }
    }

    fn held_by(&self, client: IpAddr) -> usize {
        self.per_client.get(&client).copied().unwrap_or(0)
    }

    /// Closes connections of this client on which no handler is at work, in the order of [`Waiting`](super::activity::Waiting).
    fn close_own(&mut self, client: IpAddr, now: Instant) -> bool {
        let own = self.entries.iter().filter(|(_, activity)| activity.client == client);
        let waiting = own.map(|(id, activity)| (activity.waiting(now), *id));
        let mut waiting: Vec<_> = waiting.filter(|(waiting, _)| !waiting.is_at_work).collect();
        waiting.sort_unstable();
        self.close_first(waiting.into_iter().map(|(_, id)| id))
    }

    /// Closes connections for a client that would then hold `would_hold` of them. Those of the client
    /// that holds most go first, and no client loses one to another that holds more.
    fn close_others(&mut self, would_hold: usize, now: Instant) -> bool {
        let entries = self.entries.iter();
        let mut all: Vec<_> =
            entries.map(|(id, entry)| (entry.client, entry.waiting(now), entry.is_limited, *id)).collect();
        all.sort_unstable();
        let mut previous = None;
        let mut held: usize = 0;
        let mut ranked = Vec::new();
        for (client, waiting, is_limited, id) in all {
            // How many the client would still hold when the turn comes to this one.
            held = if previous == Some(client) { held.saturating_sub(1) } else { self.held_by(client) };
            previous = Some(client);
            // A proxy that we trust holds the connections of many.
            let rank = if is_limited { held } else { 1 };
            let may_close = if waiting.is_at_work { rank > would_hold } else { rank >= would_hold };
            if may_close {
                ranked.push((waiting.is_at_work, Reverse(rank), waiting, id));
            }
        }
        ranked.sort_unstable();
        self.close_first(ranked.into_iter().map(|(.., id)| id))
    }

    /// Returns whether any was closed.
    fn close_first(&mut self, ids: impl Iterator<Item = u64>) -> bool {
        let ids: Vec<_> = ids.take(self.closed_at_once).collect();
        for id in &ids {
            self.close(*id);
        }
        !ids.is_empty()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.table().remove(self.id);
    }
}
