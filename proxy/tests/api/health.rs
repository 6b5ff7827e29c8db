use crate::support::{Setup, get_balance, spawn_proxy, wait_until};
use airalo_balance_sandbox::Scenario;
use std::time::Duration;

#[tokio::test]
async fn health_does_not_depend_on_airalo() {
    let proxy = spawn_proxy(Setup::scenario(Scenario::Error500)).await;
    assert_eq!(proxy.balance().await.status(), 502);
    for path in ["/livez", "/readyz"] {
        let response = proxy.client.get(format!("{}{path}", proxy.admin_url)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
    }
    let balance = proxy.client.get(format!("{}/api/balance", proxy.admin_url)).header("X-Airalo-Widget", "1");
    assert_eq!(balance.send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_shutdown_finishes_the_requests_in_progress_and_readyz_reports_it_meanwhile() {
    let mut setup = Setup::scenario(Scenario::SlowHeaders);
    // Longer than the proxy still serves others, and shorter than a shutdown may take.
    setup.sandbox.slow = Duration::from_secs(4);
    setup.timeouts.read = Duration::from_secs(5);
    let mut proxy = spawn_proxy(setup).await;
    let (client, url) = (proxy.client.clone(), proxy.url.clone());
    let pending = tokio::spawn(async move { get_balance(&client, &url).await.status() });
    wait_until("the request is in progress", async || proxy.upstream_requests() == (1, 1)).await;

    proxy.shutdown.take().unwrap().send(()).unwrap();
    wait_until("readyz reports the shutdown", async || {
        let ready = proxy.client.get(format!("{}/readyz", proxy.admin_url)).send().await;
        ready.is_ok_and(|response| response.status() == 503)
    })
    .await;
    assert_eq!(pending.await.unwrap(), 200);
    assert_eq!(proxy.server.await.unwrap(), Ok(()));
    assert!(proxy.client.get(&proxy.url).send().await.is_err());
}

#[tokio::test]
async fn refused_credentials_make_the_proxy_unready_and_say_so_but_it_lives() {
    let proxy = spawn_proxy(Setup::scenario(Scenario::CredentialsRefused)).await;
    proxy.balance().await;
    let get = async |path| proxy.client.get(format!("{}{path}", proxy.admin_url)).send().await.unwrap();
    let ready = get("/readyz").await;
    assert_eq!(ready.status(), 503);
    assert!(ready.text().await.unwrap().contains("refuses the credentials"));
    assert_eq!(get("/livez").await.status(), 200);
}

#[tokio::test]
async fn a_refused_address_is_no_reason_to_be_unready() {
    let proxy = spawn_proxy(Setup::scenario(Scenario::AddressRefused)).await;
    assert_eq!(proxy.balance().await.status(), 502);
    let ready = proxy.client.get(format!("{}/readyz", proxy.admin_url)).send().await.unwrap();
    assert_eq!(ready.status(), 200);
}
