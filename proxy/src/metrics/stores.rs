//! Whether what is kept outside the memory can be read and written, as a metric.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// 1 or 0 for each use. What is not kept has no series.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stores(Family<Labels, Gauge>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    r#use: &'static str,
}

impl Stores {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let stores = Self::default();
        let help = "Whether the file of HISTORY, or Redis, can be read and written for this use";
        registry.register("airalo_store_usable", help, stores.0.clone());
        stores
    }

    pub(crate) fn history(&self, is_usable: bool) {
        self.set("history", is_usable);
    }

    pub(crate) fn alerts(&self, is_usable: bool) {
        self.set("alerts", is_usable);
    }

    fn set(&self, r#use: &'static str, is_usable: bool) {
        self.0.get_or_create(&Labels { r#use }).set(is_usable.into());
    }
}
