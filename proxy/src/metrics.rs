//! The metrics of one proxy, in the text format of Prometheus.
//!
//! Labels hold only values that the code names, and the names of the account's balances. Nothing
//! that a client sends is in one, so the number of series is bounded.

mod credit;
mod notifications;
mod stores;

use airalo_balance::model::history::DaysLeft;
use airalo_balance::model::{Amount, Balance};
use credit::Credit;
use jiff::Timestamp;
use notifications::Notifications;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, prometheus_text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use stores::Stores;

/// The `Content-Type` of [`Metrics::render`].
pub(crate) const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// From half a millisecond, which an answer from memory takes less than, to the longest deadline.
const BUCKETS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Counts what happens. Clones count into the same series.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metrics(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    registry: Registry,
    upstream_requests: Family<UpstreamLabels, Counter>,
    upstream_duration: Histogram,
    token_renewals: Family<ReasonLabel, Counter>,
    cache: Family<ResultLabel, Counter>,
    notifications: Notifications,
    stores: Stores,
    http_requests: Family<HttpLabels, Counter>,
    http_duration: Histogram,
    balances: Arc<LatestBalances>,
    credit: Arc<Credit>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct UpstreamLabels {
    endpoint: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabel {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ResultLabel {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct HttpLabels {
    route: &'static str,
    status: u16,
}

impl Default for Inner {
    fn default() -> Self {
        let mut registry = Registry::default();
        let balances = Arc::new(LatestBalances::default());
        registry.register_collector(Box::new(balances.clone()));
        let credit = Arc::new(Credit::default());
        registry.register_collector(Box::new(credit.clone()));
        let seconds = || Histogram::new(BUCKETS);
        // The suffix `_total` of counters is added by the format.
        Self {
            upstream_requests: register(
                &mut registry,
                "airalo_upstream_requests",
                "Requests to the partner API",
                Family::default(),
            ),
            upstream_duration: register(
                &mut registry,
                "airalo_upstream_request_duration_seconds",
                "How long the partner API took to answer",
                seconds(),
            ),
            token_renewals: register(
                &mut registry,
                "airalo_token_renewals",
                "Tokens that the partner API has issued",
                Family::default(),
            ),
            cache: register(
                &mut registry,
                "airalo_cache",
                "Requests for the balance by how the cache answered them",
                Family::default(),
            ),
            notifications: Notifications::register(&mut registry),
            stores: Stores::register(&mut registry),
            http_requests: register(
                &mut registry,
                "http_requests",
                "Requests to the public listener",
                Family::default(),
            ),
            http_duration: register(
                &mut registry,
                "http_request_duration_seconds",
                "How long the public listener took to answer",
                seconds(),
            ),
            registry,
            balances,
            credit,
        }
    }
}

fn register<M: Metric + Clone>(registry: &mut Registry, name: &str, help: &str, metric: M) -> M {
    registry.register(name, help, metric.clone());
    metric
}

impl Metrics {
    /// A request to the partner API has ended.
    pub(crate) fn upstream_request(&self, endpoint: &'static str, outcome: &'static str, duration: Duration) {
        self.0.upstream_requests.get_or_create(&UpstreamLabels { endpoint, outcome }).inc();
        self.0.upstream_duration.observe(duration.as_secs_f64());
    }

    /// A token was issued.
    pub(crate) fn token_renewal(&self, reason: &'static str) {
        self.0.token_renewals.get_or_create(&ReasonLabel { reason }).inc();
    }

    /// The cache has answered a request for the balance.
    pub(crate) fn cache(&self, result: &'static str) {
        self.0.cache.get_or_create(&ResultLabel { result }).inc();
    }

    pub(crate) fn notifications(&self) -> &Notifications {
        &self.0.notifications
    }

    pub(crate) fn stores(&self) -> &Stores {
        &self.0.stores
    }

    /// A request to the public listener has been answered.
    ///
    /// `route` is one of the router, never the path of a request.
    pub(crate) fn http_request(&self, route: &'static str, status: u16, duration: Duration) {
        self.0.http_requests.get_or_create(&HttpLabels { route, status }).inc();
        self.0.http_duration.observe(duration.as_secs_f64());
    }

    /// These are the newest balances.
    pub(crate) fn balances(&self, balances: &[Balance], fetched_at: Timestamp) {
        let mut sums = BTreeMap::new();
        for balance in balances {
            let labels = (balance.name.clone(), balance.currency.code().to_owned());
            // Two series of the same labels would make the whole page unreadable for Prometheus.
            *sums.entry(labels).or_insert(0.0) += as_f64(&balance.amount);
        }
        let latest = Latest { sums, fetched_at };
        *self.0.balances.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(latest);
    }

    /// How long the credit lasts, by the latest sample of the history.
    pub(crate) fn days_left(&self, days_left: Option<DaysLeft>) {
        self.0.credit.days_left(days_left);
    }

    /// The balance fell by this.
    pub(crate) fn spent(&self, amount: Amount) {
        self.0.credit.spent(amount);
    }

    /// The balance rose by this.
    pub(crate) fn credited(&self, amount: Amount) {
        self.0.credit.credited(amount);
    }

    /// What `/metrics` answers.
    pub(crate) fn render(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.0.registry)?;
        Ok(text)
    }
}

/// Prometheus knows no other numbers. The digits of an amount are always those of a decimal.
fn as_f64(amount: &Amount) -> f64 {
    amount.to_string().parse().unwrap_or(f64::NAN)
}

/// The balances of the latest fetch. There are no series before the first one, because 0 would be
/// taken for a balance.
#[derive(Debug, Default)]
struct LatestBalances(Mutex<Option<Latest>>);

#[derive(Debug)]
struct Latest {
    /// By name and currency.
    sums: BTreeMap<(String, String), f64>,
    fetched_at: Timestamp,
}

impl Collector for LatestBalances {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(latest) = &*latest else { return Ok(()) };
        let gauge = ConstGauge::new(0.0);
        if !latest.sums.is_empty() {
            let help =
                "The available balance, rounded to what a 64-bit float holds; /api/balance has every digit";
            let mut family =
                encoder.encode_descriptor("airalo_balance_available", help, None, gauge.metric_type())?;
            for ((name, currency), amount) in &latest.sums {
                let labels = [("name", name.as_str()), ("currency", currency.as_str())];
                ConstGauge::new(*amount).encode(family.encode_family(&labels)?)?;
            }
        }
        let age = Timestamp::now().duration_since(latest.fetched_at).as_secs_f64().max(0.0);
        let help = "How long ago the balance was fetched";
        ConstGauge::new(age).encode(encoder.encode_descriptor(
            "airalo_balance_age_seconds",
            help,
            None,
            gauge.metric_type(),
        )?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use airalo_balance::model::Currency;

    fn balance(name: &str, amount: &str) -> Balance {
        Balance {
            name: name.to_owned(),
            amount: amount.parse().unwrap(),
            currency: Currency::new("USD").unwrap(),
        }
    }

    #[test]
    fn before_the_first_balance_there_is_none_and_not_zero() {
        let text = Metrics::default().render().unwrap();
        assert!(!text.contains("airalo_balance_"), "{text}");
    }

    #[test]
    fn a_balance_that_is_gone_has_no_series_any_more() {
        let metrics = Metrics::default();
        metrics.balances(&[balance("a", "1"), balance("b", "2")], Timestamp::now());
        metrics.balances(&[balance("b", "-2.5")], Timestamp::now());
        let text = metrics.render().unwrap();
        assert!(!text.contains(r#"name="a""#), "{text}");
        assert!(text.contains("airalo_balance_available{name=\"b\",currency=\"USD\"} -2.5\n"), "{text}");
    }

    #[test]
    fn two_balances_of_one_name_and_currency_are_one_series_with_their_sum() {
        let metrics = Metrics::default();
        metrics.balances(&[balance("a", "1.5"), balance("a", "2")], Timestamp::now());
        let text = metrics.render().unwrap();
        assert_eq!(text.matches("airalo_balance_available{").count(), 1, "{text}");
        assert!(text.contains("} 3.5\n"), "{text}");
    }

    #[test]
    fn a_name_cannot_break_out_of_its_label() {
        let metrics = Metrics::default();
        metrics.balances(&[balance("a\"} 7\nx\\", "1")], Timestamp::now());
        let text = metrics.render().unwrap();
        assert!(text.contains(r#"{name="a\"} 7\nx\\",currency="USD"} 1"#), "{text}");
    }

    #[test]
    fn the_age_counts_from_the_fetch_and_is_never_below_zero() {
        let metrics = Metrics::default();
        let age = |fetched_at| {
            metrics.balances(&[], fetched_at);
            let text = metrics.render().unwrap();
            let line = text.lines().find(|line| line.starts_with("airalo_balance_age_seconds ")).unwrap();
            line.split(' ').nth(1).unwrap().parse::<f64>().unwrap()
        };
        let minute = Duration::from_secs(60);
        assert!((60.0..120.0).contains(&age(Timestamp::now() - minute)));
        assert!(age(Timestamp::now() + minute).abs() < f64::EPSILON);
    }
}
