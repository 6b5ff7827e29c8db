//! Connections that cost an attacker nothing.

use crate::support::{Target, attacker, connect_from, hold, hold_kept, watch_during};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::time::{interval, sleep};

const IDLE: usize = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_idle_connections_do_not_keep_others_waiting() {
    let wanted = IDLE as u64 + 1_000;
    let limit = rlimit::increase_nofile_limit(wanted).unwrap();
    if limit < wanted {
        eprintln!(
            "skipped: this system allows {limit} descriptors to a process, and the test needs {wanted}"
        );
        return;
    }
    let target = Target::start(8192).await;
    watch_during("10000 idle connections", &target, async {
        let attack = hold_kept(target.address, IDLE, 12);
        let held = tokio::time::timeout(Duration::from_secs(12), attack).await;
        sleep(Duration::from_secs(1)).await;
        drop(held);
    })
    .await;
    target.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_byte_on_each_of_many_new_connections_does_not_keep_others_waiting() {
    let target = Target::start(640).await;
    watch_during("300 new connections a second with one byte each", &target, async {
        let mut ticks = interval(Duration::from_micros(3_300));
        let mut held = Vec::new();
        for number in 0..1_500 {
            ticks.tick().await;
            let connecting = connect_from(attacker(number % 8), target.address);
            let Ok(Ok(mut stream)) = tokio::time::timeout(Duration::from_millis(50), connecting).await else {
                continue;
            };
            let _ = stream.write_all(b"G").await;
            held.push(stream);
        }
    })
    .await;
    target.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_new_connections_does_not_keep_others_waiting() {
    let target = Target::start(640).await;
    let address = target.address;
    watch_during("5000 new connections a second", &target, async {
        // As fast as they can, the attackers would leave no processor to the program, which a distant attacker
        // cannot do.
        let flood = |number: usize| async move {
            let mut ticks = interval(Duration::from_micros(800));
            for _ in 0..4_000 {
                ticks.tick().await;
                let connecting = connect_from(attacker(number), address);
                let connected = tokio::time::timeout(Duration::from_secs(1), connecting).await;
                if let Ok(Ok(stream)) = connected {
                    // Nothing is left in the system's table of closed connections.
                    let _ = stream.set_zero_linger();
                }
            }
        };
        let floods: Vec<_> = (0..4).map(|number| tokio::spawn(flood(number))).collect();
        for flood in floods {
            flood.await.unwrap();
        }
    })
    .await;
    let log = target.stop();
    assert_eq!(log.iter().find(|line| line.contains("cannot be accepted")), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn running_out_of_descriptors_is_logged_and_survived() {
    // Fewer than the least number of connections needs.
    let target = Target::start(70).await;
    watch_during("connections without descriptors", &target, async {
        let held = hold(target.address, 400, 10, Vec::new()).await;
        sleep(Duration::from_secs(1)).await;
        drop(held);
    })
    .await;
    let log = target.stop();
    let lines =
        log.iter().filter(|line| line.contains("a connection cannot be accepted: Too many open files"));
    // One in ten seconds, and a slow machine takes more than ten.
    assert!((1..=3).contains(&lines.count()), "{log:#?}");
}
