//! The deliveries of alerts, as a metric.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// Counts attempts, and alerts that were given up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notifications(Family<Labels, Counter>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    channel: &'static str,
    outcome: &'static str,
}

impl Notifications {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let notifications = Self::default();
        let help = "Alerts by how an attempt to deliver them has ended, and those that were given up";
        registry.register("airalo_notifications", help, notifications.0.clone());
        notifications
    }

    /// Prometheus sees no increase in a series that begins at 1, so those of a channel begin at 0.
    pub(crate) fn begin(&self, channel: &'static str) {
        for outcome in ["delivered", "failed", "dropped"] {
            drop(self.0.get_or_create(&Labels { channel, outcome }));
        }
    }

    pub(crate) fn count(&self, channel: &'static str, outcome: &'static str) {
        self.0.get_or_create(&Labels { channel, outcome }).inc();
    }
}
