//! Nothing is kept of a connection that is over.

use crate::support::{Target, attacker, connect_from, request};
use std::fs;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const CONNECTIONS: usize = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_does_not_grow_with_connections_that_came_and_went() {
    let target = Target::start(4096).await;
    let id = target.process.id();
    come_and_go(target.address).await;
    let before = resident_kilobytes(id);
    come_and_go(target.address).await;
    let after = resident_kilobytes(id);
    println!("{before} KB after {CONNECTIONS} connections, {after} KB after twice as many");
    // A hundred bytes for each connection would be more than this.
    assert!(after < before + 900, "{before} KB became {after} KB");
    target.stop();
}

async fn come_and_go(target: SocketAddr) {
    let visit = |worker: usize| async move {
        for _ in 0..CONNECTIONS / 8 {
            let mut stream = connect_from(attacker(worker), target).await.unwrap();
            stream.write_all(request(target, "GET /", "Connection: close\r\n").as_bytes()).await.unwrap();
            let mut response = Vec::new();
            stream.read_to_end(&mut response).await.unwrap();
            assert!(response.starts_with(b"HTTP/1.1 "));
        }
    };
    let workers: Vec<_> = (0..8).map(|worker| tokio::spawn(visit(worker))).collect();
    for worker in workers {
        worker.await.unwrap();
    }
}

fn resident_kilobytes(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
