use super::*;
use crate::redis_link::Step;
use crate::redis_link::test_server::Redis;
use jiff::Timestamp;
use std::future::pending;
use tokio::time::timeout;

async fn sandbox_proxy() -> Proxy {
    let address = |name: &str| matches!(name, "LISTEN" | "ADMIN_LISTEN").then(|| "127.0.0.1:0".to_owned());
    Proxy::bind(Config::from_vars(true, address).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_proxy_whose_refresher_ends_does_not_go_on_with_a_balance_that_nobody_refreshes() {
    let mut running = Running::start(sandbox_proxy().await);
    running.refresher.abort();
    let ended = timeout(Duration::from_secs(10), running.first_end()).await.unwrap();
    assert_eq!(ended.to_string(), "the task that asks Airalo has ended, so the proxy stops");
    timeout(Duration::from_secs(10), running.stop(Instant::now() + SHUTDOWN_TIMEOUT)).await.unwrap();
}

#[tokio::test]
async fn a_task_that_panics_has_ended_and_one_that_runs_has_not() {
    let mut panicking = task::Task::spawn("fails", async { panic!("inner words") });
    assert_eq!((&mut panicking).await.to_string(), "the task that fails has ended, so the proxy stops");
    // It can be waited for again.
    panicking.end().await;
    let mut running = task::Task::spawn("runs", pending());
    assert!(timeout(Duration::from_millis(50), &mut running).await.is_err());
}

#[tokio::test]
async fn the_url_of_redis_is_read_again_and_so_is_the_history_there() {
    let (Some(old), Some(new)) = (Redis::start(), Redis::start()) else { return };
    let config = |redis: &Redis| {
        let url = redis.url();
        Config::from_vars(false, move |name| match name {
            "AIRALO_CLIENT_ID" | "AIRALO_CLIENT_SECRET" => Some("sandbox".to_owned()),
            "LISTEN" => Some("127.0.0.1:0".to_owned()),
            "REDIS_URL" => Some(url.clone()),
            _ => None,
        })
    };
    let proxy = Proxy::bind(config(&old).unwrap()).await.unwrap();
    let history = proxy.stores.history.clone().unwrap();
    history.sync(Timestamp::now()).await;
    let is_complete = || !history.view(&history.view_id(1, Timestamp::now())).is_incomplete;
    let count = redis::Script::new("return redis.call('INCR', 'test')");
    let link = proxy.stores.link.clone().unwrap();
    assert_eq!(link.invoke::<u64>(Step::Lease, &count.prepare_invoke()).await, Some(1));
    assert!(is_complete());

    proxy.reload_handle().reload(config(&old));
    assert!(is_complete(), "nothing has changed");
    proxy.reload_handle().reload(config(&new));
    assert!(!is_complete(), "the history of the new server is not read yet");
    drop(old);
    assert_eq!(link.invoke::<u64>(Step::Lease, &count.prepare_invoke()).await, Some(1));
    assert_eq!(new.link().invoke::<u64>(Step::Lease, &count.prepare_invoke()).await, Some(2));
}

#[tokio::test]
async fn a_proxy_that_is_stopped_has_not_failed() {
    let run = sandbox_proxy().await.run_until(async {});
    assert_eq!(timeout(Duration::from_secs(10), run).await.unwrap(), Ok(()));
}
