//! Alerts to a webhook, whatever state it is in.

use crate::partner::Partner;
use crate::receiver::{Mode, Receiver};
use crate::setup::{SECRET, TestProxy, read_config, start};
use crate::wait::wait_until;
use airalo_balance_proxy::Config;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;
use tokio_rusqlite::rusqlite::Connection;

struct Stage {
    partner: Partner,
    receiver: Receiver,
    directory: TempDir,
}

impl Stage {
    async fn new(cents: i64) -> Self {
        Self {
            partner: Partner::start(cents).await,
            receiver: Receiver::start().await,
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn history(&self) -> PathBuf {
        self.directory.path().join("history.db")
    }

    fn database(&self) -> Connection {
        let database = Connection::open(self.history()).unwrap();
        database.busy_timeout(Duration::from_secs(5)).unwrap();
        database
    }

    /// How many messages are not delivered yet.
    fn waiting(&self) -> u32 {
        self.database().query_row("SELECT count(*) FROM alert_message", [], |row| row.get(0)).unwrap()
    }

    async fn proxy(&self) -> TestProxy {
        self.proxy_with(|_| {}).await
    }

    async fn proxy_with(&self, change: impl FnOnce(&mut Config)) -> TestProxy {
        let variables = [("NOTIFY_WEBHOOK_URL", &*self.receiver.url()), ("NOTIFY_WEBHOOK_SECRET", SECRET)];
        start(&self.partner, &self.history(), &variables, change).await
    }

    async fn events(&self, proxy: &TestProxy, events: &[&str]) {
        proxy.read_until(&format!("{events:?}"), async || self.receiver.events().len() >= events.len()).await;
        assert_eq!(self.receiver.events(), events);
    }
}

#[tokio::test]
async fn each_change_arrives_once_signed_and_in_the_documented_shape() {
    let stage = Stage::new(18_050).await;
    let proxy = stage.proxy().await;
    stage.events(&proxy, &["balance.low"]).await;
    let low = &stage.receiver.accepted()[0];
    assert!(low.is_signed_with(SECRET));
    assert!(!low.is_signed_with("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    let body = low.json();
    assert_eq!(body["data"]["level"], "low");
    assert_eq!(body["data"]["balances"][0]["amount"], 180.5);
    assert!(body["text"].as_str().unwrap().starts_with("Airalo credit is low: USD 180.50\n"), "{body}");

    stage.partner.set_balance(0);
    stage.events(&proxy, &["balance.low", "balance.critical"]).await;
    stage.partner.set_balance(90_000);
    let all = ["balance.low", "balance.critical", "balance.ok"];
    stage.events(&proxy, &all).await;
    for _ in 0..10 {
        proxy.read().await;
    }
    stage.events(&proxy, &all).await;
    assert_eq!(proxy.notifications("webhook", "delivered").await, 3);
    assert_eq!(proxy.notifications("webhook", "failed").await, 0);
}

#[tokio::test]
async fn a_restart_is_no_reason_to_tell_it_again() {
    let stage = Stage::new(1_000).await;
    let proxy = stage.proxy().await;
    stage.events(&proxy, &["balance.critical"]).await;
    wait_until("it is recorded", async || proxy.notifications("webhook", "delivered").await == 1).await;
    drop(proxy);
    let proxy = stage.proxy().await;
    for _ in 0..10 {
        proxy.read().await;
    }
    stage.partner.set_balance(90_000);
    stage.events(&proxy, &["balance.critical", "balance.ok"]).await;
}

#[tokio::test]
async fn a_proxy_that_is_stopped_while_it_delivers_waits_for_the_answer_and_delivers_once() {
    let stage = Stage::new(0).await;
    stage.receiver.set(Mode::After(Duration::from_secs(3)));
    let proxy = stage.proxy().await;
    wait_until("the receiver has it", async || stage.receiver.attempts().len() == 1).await;
    proxy.stop().await;
    assert_eq!(stage.waiting(), 0, "the delivery is not recorded");

    stage.receiver.set(Mode::Status(204));
    stage.partner.set_balance(90_000);
    let proxy = stage.proxy().await;
    stage.events(&proxy, &["balance.critical", "balance.ok"]).await;
}

#[tokio::test]
async fn what_has_arrived_while_the_file_could_not_be_written_does_not_arrive_again() {
    let stage = Stage::new(0).await;
    stage.receiver.set(Mode::After(Duration::from_secs(1)));
    let _proxy = stage.proxy().await;
    wait_until("the receiver has it", async || stage.receiver.attempts().len() == 1).await;
    let other = stage.database();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Longer than the lease.
    tokio::time::sleep(Duration::from_secs(12)).await;
    assert_eq!(stage.waiting(), 1, "the delivery was recorded before the file was locked");
    other.execute_batch("ROLLBACK").unwrap();
    wait_until("the delivery is recorded", async || stage.waiting() == 0).await;
    assert_eq!(stage.receiver.events(), ["balance.critical"]);
}

#[tokio::test]
async fn what_is_unreadable_is_told_and_so_is_its_return() {
    let stage = Stage::new(90_000).await;
    // Not an hour, and the pauses between two tries of the proxy are longer than that.
    let proxy = stage.proxy_with(|config| {
        config.alerts.as_mut().unwrap().unreadable_after = Duration::from_millis(1);
    });
    let proxy = proxy.await;
    proxy.read().await;
    stage.partner.fail();
    stage.events(&proxy, &["balance.unreadable"]).await;
    assert_eq!(stage.receiver.accepted()[0].json()["data"]["problem"], "upstream");
    stage.partner.set_balance(90_000);
    stage.events(&proxy, &["balance.unreadable", "balance.readable"]).await;
}

#[tokio::test]
async fn a_target_that_is_down_for_ten_minutes_gets_it_once_when_it_is_back() {
    let mut stage = Stage::new(0).await;
    stage.receiver.go_down().await;
    let proxy = stage.proxy().await;
    proxy.read().await;
    // With 5 s, 10 s and so on between them these are ten minutes.
    wait_until("seven attempts", async || proxy.notifications("webhook", "failed").await >= 7).await;
    stage.receiver.come_back().await;
    stage.events(&proxy, &["balance.critical"]).await;
    wait_until("it is recorded", async || proxy.notifications("webhook", "delivered").await == 1).await;
    assert_eq!(stage.receiver.attempts().len(), 1);
}

#[tokio::test]
async fn what_comes_meanwhile_arrives_in_its_order() {
    let mut stage = Stage::new(19_000).await;
    stage.receiver.go_down().await;
    let proxy = stage.proxy().await;
    proxy.read_until("the first fails", async || proxy.notifications("webhook", "failed").await >= 1).await;
    stage.partner.set_balance(0);
    let failed = proxy.notifications("webhook", "failed").await;
    proxy.read_until("it fails", async || proxy.notifications("webhook", "failed").await > failed + 2).await;
    stage.receiver.come_back().await;
    stage.events(&proxy, &["balance.low", "balance.critical"]).await;
}

#[tokio::test]
async fn errors_are_tried_again_with_the_same_id_until_one_is_no_error() {
    let stage = Stage::new(0).await;
    for status in [500, 404, 429] {
        stage.receiver.set(Mode::Status(status));
        let before = stage.receiver.attempts().len();
        let proxy = stage.proxy().await;
        wait_until("three attempts", async || stage.receiver.attempts().len() >= before + 3).await;
        drop(proxy);
    }
    stage.receiver.set(Mode::Status(200));
    // The lease of an attempt that was cut short has to end first.
    let _proxy = stage.proxy().await;
    wait_until("it arrives", async || stage.receiver.accepted().len() == 1).await;
    let attempts = stage.receiver.attempts();
    assert!(attempts.iter().all(|attempt| attempt.id == attempts[0].id && attempt.is_signed_with(SECRET)));
}

#[tokio::test]
async fn a_redirect_is_followed_nowhere() {
    let (stage, elsewhere) = (Stage::new(0).await, Receiver::start().await);
    stage.receiver.set(Mode::Redirect(elsewhere.url()));
    let proxy = stage.proxy().await;
    wait_until("three attempts", async || proxy.notifications("webhook", "failed").await >= 3).await;
    stage.receiver.set(Mode::Status(200));
    stage.events(&proxy, &["balance.critical"]).await;
    assert!(elsewhere.attempts().is_empty());
}

#[tokio::test]
async fn a_target_that_hangs_is_left_after_a_while_and_tried_again() {
    let stage = Stage::new(0).await;
    stage.receiver.set(Mode::Hang);
    let proxy = stage.proxy().await;
    wait_until("an attempt is given up", async || proxy.notifications("webhook", "failed").await >= 1).await;
    stage.receiver.set(Mode::Status(200));
    stage.events(&proxy, &["balance.critical"]).await;
}

#[tokio::test]
async fn what_cannot_be_delivered_for_days_is_given_up_and_counted() {
    let mut stage = Stage::new(0).await;
    stage.receiver.go_down().await;
    let proxy = stage.proxy_with(|config| {
        config.alerts.as_mut().unwrap().retry.give_up_after = Duration::from_millis(1);
    });
    let proxy = proxy.await;
    wait_until("it is given up", async || proxy.notifications("webhook", "dropped").await == 1).await;
    stage.receiver.come_back().await;
    stage.partner.set_balance(90_000);
    stage.events(&proxy, &["balance.ok"]).await;
}

#[tokio::test]
async fn a_reload_reads_the_key_and_the_url_again() {
    let stage = Stage::new(90_000).await;
    let files = ["url", "secret"].map(|name| stage.directory.path().join(name));
    let variables = [
        ("NOTIFY_WEBHOOK_URL_FILE", files[0].to_str().unwrap()),
        ("NOTIFY_WEBHOOK_SECRET_FILE", files[1].to_str().unwrap()),
    ];
    std::fs::write(&files[0], "http://127.0.0.1:1/nobody").unwrap();
    std::fs::write(&files[1], SECRET).unwrap();
    let proxy = start(&stage.partner, &stage.history(), &variables, |_| {}).await;
    stage.partner.set_balance(0);
    proxy.read_until("it fails", async || proxy.notifications("webhook", "failed").await >= 1).await;
    let other = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0";
    std::fs::write(&files[0], stage.receiver.url()).unwrap();
    std::fs::write(&files[1], other).unwrap();
    proxy.reload.reload(Ok(read_config(&stage.partner, &stage.history(), &variables)));
    stage.events(&proxy, &["balance.critical"]).await;
    assert!(stage.receiver.accepted()[0].is_signed_with(other));
}
