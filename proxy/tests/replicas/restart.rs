use crate::cluster::{Cluster, REPLICAS, TTL_SECONDS};
use crate::free_port::free_port;
use crate::load::{Load, after_the_first_answer, failed, quantile};
use crate::services::{REDIS, are_installed, nginx, redis};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How long there is load. All replicas are restarted in the middle of it.
const LOAD: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_all_restart_under_load_request_one_token_and_one_balance_per_ttl_and_fail_nobody() {
    if !are_installed(&[REDIS, "nginx"]) {
        return;
    }
    let redis = redis(free_port());
    let mut cluster = Cluster::new(redis.port()).await;
    let balancer = nginx(&cluster.ports);
    let start = Instant::now();
    let load = Load::start(&[format!("http://127.0.0.1:{}", balancer.port())]);
    cluster.start_all();
    sleep(LOAD / 2).await;

    // A rollout: the new replicas start, the balancer turns to them, and all old ones are stopped.
    let old = std::mem::take(&mut cluster.replicas);
    cluster.ports = (0..REPLICAS).map(|_| free_port()).collect();
    cluster.start_all();
    for replica in &mut cluster.replicas {
        replica.wait_for_line("listening on ");
    }
    balancer.balance_between(&cluster.ports);
    let stopping: Vec<_> =
        old.into_iter().map(|replica| tokio::task::spawn_blocking(|| replica.stop())).collect();
    for stopped in stopping {
        stopped.await.unwrap();
    }
    sleep(LOAD.saturating_sub(start.elapsed())).await;
    let reads = load.stop().await;

    let (tokens, balances) = cluster.requests();
    let answered = after_the_first_answer(&reads);
    let failed = failed(answered);
    eprintln!(
        "{} reads, {} failed; {tokens} token requests, {balances} balance requests; p99 {:?}",
        answered.len(),
        failed.len(),
        quantile(answered, 0.99)
    );
    assert!(failed.is_empty(), "{:?}", &failed[..failed.len().min(3)]);
    assert_eq!(tokens, 1);
    // A balance is refreshed when up to a tenth of its TTL is left.
    let most = start.elapsed().as_secs_f64() / (TTL_SECONDS as f64 * 0.9) + 1.0;
    assert!((balances as f64) <= most, "{balances} balance requests, {most} at most");
}
