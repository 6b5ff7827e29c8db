//! The clients behind proxies that we trust, which share the connections of these proxies.

use axum::http::HeaderMap;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Which proxies are trusted, and for whom they ask.
pub(crate) trait Clients: std::fmt::Debug + Send + Sync {
    fn is_trusted_proxy(&self, peer: IpAddr) -> bool;

    /// The client that a trusted proxy asks for.
    fn client(&self, headers: &HeaderMap, peer: IpAddr) -> IpAddr;
}

/// The addresses that count as one client: whoever has an IPv6 address usually has all of its network
/// of 64 bits.
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

/// Every peer is a client.
#[derive(Debug)]
pub(crate) struct NoProxies;

impl Clients for NoProxies {
    fn is_trusted_proxy(&self, _peer: IpAddr) -> bool {
        false
    }

    fn client(&self, _headers: &HeaderMap, peer: IpAddr) -> IpAddr {
        peer
    }
}

/// So many requests of one client may be in progress. Browsers have six, a page with many cards one
/// more for each of their URLs.
const IN_PROGRESS: usize = 32;

/// Counts the requests that are in progress for each client. Clones share the counts.
#[derive(Clone, Debug, Default)]
pub(super) struct InProgress(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A request in progress.
#[derive(Debug)]
pub(super) struct Request {
    client: IpAddr,
    all: InProgress,
}

/// Says to the router that the request is one too many, as an extension of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct OneTooMany;

impl InProgress {
    /// Nothing panics while it holds the lock.
    fn counts(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn begin(&self, client: IpAddr) -> Result<Request, OneTooMany> {
        let mut counts = self.counts();
        let count = counts.entry(client).or_default();
        if *count >= IN_PROGRESS {
            return Err(OneTooMany);
        }
        *count += 1;
        Ok(Request { client, all: self.clone() })
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        let mut counts = self.all.counts();
        if let Some(count) = counts.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_requests_that_are_over() {
        let all = InProgress::default();
        let client = IpAddr::from([10, 0, 0, 1]);
        let mut requests: Vec<_> = (0..IN_PROGRESS).map(|_| all.begin(client).unwrap()).collect();
        assert!(all.begin(client).is_err());
        assert!(all.begin(IpAddr::from([10, 0, 0, 2])).is_ok());
        requests.pop();
        assert!(all.begin(client).is_ok());
        drop(requests);
        assert!(all.counts().is_empty());
    }
}
