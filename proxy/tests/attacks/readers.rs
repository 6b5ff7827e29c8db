//! Clients that ask and do not read.

use crate::support::{LARGE_FILE, Target, hold, request, watch_during};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::sleep;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_slow_readers_do_not_keep_others_waiting() {
    let target = Target::start(4096).await;
    watch_during("2000 slow readers", &target, async {
        let held = hold(target.address, 2_000, 4, pipelined(target.address)).await;
        sleep(Duration::from_secs(3)).await;
        drop(held);
    })
    .await;
    target.stop();
}

/// So many descriptors as the limit of most systems allows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_readers_who_take_every_connection_lose_them_to_others() {
    let target = Target::start(1024).await;
    watch_during("slow readers on a small machine", &target, async {
        let held = hold(target.address, 1_000, 10, pipelined(target.address)).await;
        sleep(Duration::from_secs(2)).await;
        drop(held);
    })
    .await;
    target.stop();
}

fn pipelined(target: SocketAddr) -> Vec<u8> {
    request(target, &format!("GET {LARGE_FILE}"), "").repeat(50).into_bytes()
}
