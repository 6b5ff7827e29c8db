//! A Redis that answers, and takes no writes.

use crate::cluster::Cluster;
use crate::free_port::free_port;
use crate::load::client;
use crate::process::ProxyProcess;
use crate::receiver::Receiver;
use crate::services::{REDIS, Service, SlowLink, are_installed, command, redis};
use crate::wait::wait_until;
use airalo_balance_sandbox::Cents;
use std::time::Duration;

const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Two messages in the log, of which one says that Redis cannot be used, and one that it can.
const BEGINS: &str = "and this replica goes on alone";
const ENDS: &str = "REDIS_URL can be used again";

struct Replica {
    cluster: Cluster,
    receiver: Receiver,
    process: ProxyProcess,
    metrics: String,
}

/// A replica that asks every second, and tells when there is less than 200.
async fn replica(redis_port: u16) -> Replica {
    let cluster = Cluster::new(redis_port).await;
    cluster.sandbox.state().set_balance(Cents::new(90_000));
    let receiver = Receiver::start().await;
    let variables = [
        ("LOW_THRESHOLD", "200"),
        ("NOTIFY_WEBHOOK_URL", &*receiver.url()),
        ("NOTIFY_WEBHOOK_SECRET", KEY),
        ("BALANCE_TTL", "1"),
    ];
    let mut process = cluster.start_with(cluster.ports[0], &variables);
    let metrics = process.wait_for_line("metrics on ").split("metrics on ").nth(1).unwrap().to_owned();
    wait_until("the balance is read twice", async || cluster.requests().1 >= 2).await;
    Replica { cluster, receiver, process, metrics }
}

impl Replica {
    async fn usable(&self) -> Vec<String> {
        let text = client().get(&self.metrics).send().await.unwrap().text().await.unwrap();
        text.lines().filter(|line| line.starts_with("airalo_store_usable{")).map(str::to_owned).collect()
    }

    /// Ends the replica, whose log has one line for this refusal of Redis, and one when it is over. A slow
    /// machine may have it wait in vain besides.
    fn has_logged_once(self, reason: &str, other: &[&str]) {
        let log = self.process.stop();
        let count = |text: &str| log.iter().filter(|line| line.contains(text)).count();
        assert_eq!(count(&format!("{BEGINS}: {reason}")), 1, "{log:#?}");
        assert_eq!(count(BEGINS), count(ENDS), "{log:#?}");
        for text in other {
            assert!((1..=count(BEGINS)).contains(&count(text)), "{text}: {log:#?}");
        }
    }
}

fn usable(history: u8, alerts: u8) -> Vec<String> {
    let line = |what: &str, value: u8| format!("airalo_store_usable{{use=\"{what}\"}} {value}");
    vec![line("history", history), line("alerts", alerts)]
}

/// Sorted as they are in the metrics, whose order is not fixed.
async fn becomes_usable(replica: &Replica, history: u8, alerts: u8) {
    let mut expected = usable(history, alerts);
    expected.sort();
    wait_until("the metric says what can be used", async || {
        let mut found = replica.usable().await;
        found.sort();
        found == expected
    })
    .await;
}

/// Has the second one follow the first, and then the other way round.
fn fail_over(old: &Service, new: &Service) {
    let told = |port: u16, text: &str| assert_eq!(command(port, text), "+OK");
    told(new.port(), &format!("REPLICAOF 127.0.0.1 {}", old.port()));
    while !command_says(new.port(), "master_link_status:up") {
        std::thread::sleep(Duration::from_millis(50));
    }
    told(new.port(), "REPLICAOF NO ONE");
    told(old.port(), &format!("REPLICAOF 127.0.0.1 {}", new.port()));
}

fn command_says(port: u16, line: &str) -> bool {
    let script =
        format!("EVAL \"return string.find(redis.call('INFO','replication'),'{line}')and'yes'or'no'\" 0");
    // A status and a text of three letters are two lines.
    command(port, &script) == "$3"
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failover_a_replica_writes_to_the_new_server_though_the_old_one_keeps_its_connection() {
    if !are_installed(&[REDIS]) {
        return;
    }
    let (old, new) = (redis(free_port()), redis(free_port()));
    let link = SlowLink::to(old.port()).await;
    let replica = replica(link.port).await;
    assert_eq!(replica.usable().await.len(), 2);

    fail_over(&old, &new);
    link.lead_to(new.port());
    replica.cluster.sandbox.state().set_balance(Cents::new(19_000));
    wait_until("the alert arrives", async || replica.receiver.events() == ["balance.low"]).await;
    becomes_usable(&replica, 1, 1).await;
    replica.has_logged_once("READONLY, it is a replica by now", &[]);
}

/// Has Redis refuse writes for a while, by a setting and its two values.
async fn refuses(setting: &str, [refusing, usual]: [u8; 2], reason: &str, history: u8) {
    let server = redis(free_port());
    let set = |value| assert_eq!(command(server.port(), &format!("CONFIG SET {setting} {value}")), "+OK");
    let replica = replica(server.port()).await;
    becomes_usable(&replica, 1, 1).await;
    set(refusing);
    replica.cluster.sandbox.state().set_balance(Cents::new(19_000));
    becomes_usable(&replica, history, 0).await;
    let readings = replica.cluster.requests().1;
    // The history is looked at by then, and the alerts with each reading.
    wait_until("it is read often", async || replica.cluster.requests().1 >= readings + 5).await;
    becomes_usable(&replica, history, 0).await;

    set(usual);
    wait_until("the alert arrives", async || replica.receiver.events() == ["balance.low"]).await;
    becomes_usable(&replica, 1, 1).await;
    let alerts = "alerts wait, because their store cannot be used";
    let of_history = (history == 0).then_some("the history goes on in memory");
    let lines: Vec<_> = [alerts].into_iter().chain(of_history).collect();
    replica.has_logged_once(reason, &lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_takes_no_writes_is_one_line_with_its_reason_and_a_metric() {
    if !are_installed(&[REDIS]) {
        return;
    }
    refuses("min-replicas-to-write", [1, 0], "NOREPLICAS, too few replicas follow it", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_whose_memory_is_full_is_one_line_with_its_reason_and_a_metric() {
    if !are_installed(&[REDIS]) {
        return;
    }
    // A script may go on writing once it has deleted something, which that of the history does first.
    refuses("maxmemory", [1, 0], "OOM, its memory is full", 1).await;
}
