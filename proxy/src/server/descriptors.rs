//! How many connections this process can hold.

/// For what is not a client's connection: listeners, Airalo, the admin listener, the log.
const RESERVED: u64 = 64;

const MIN_CONNECTIONS: u64 = 64;

/// Each takes some ten kilobytes, and a client needs one or two.
const MAX_CONNECTIONS: u64 = 4096;

/// Raises the limit of descriptors as far as the system allows, which is far above the usual limit
/// of 1024, and returns how many connections follow from it.
pub(crate) fn connection_limit() -> usize {
    let descriptors = rlimit::increase_nofile_limit(u64::MAX).unwrap_or_else(|error| {
        tracing::warn!("the limit of descriptors cannot be raised: {error}");
        rlimit::getrlimit(rlimit::Resource::NOFILE).map_or(1024, |(soft, _)| soft)
    });
    let connections = connections_with(descriptors);
    tracing::info!("at most {connections} connections, with {descriptors} descriptors");
    connections
}

fn connections_with(descriptors: u64) -> usize {
    let connections = descriptors.saturating_sub(RESERVED).clamp(MIN_CONNECTIONS, MAX_CONNECTIONS);
    usize::try_from(connections).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_connections_follows_from_the_limit_of_descriptors() {
        for (descriptors, connections) in [(0, 64), (100, 64), (1024, 960), (4160, 4096), (u64::MAX, 4096)] {
            assert_eq!(connections_with(descriptors), connections, "{descriptors}");
        }
    }
}
