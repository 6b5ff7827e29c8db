use crate::{Setup, spawn_proxy, until};
use airalo_balance_sandbox::Scenario;
use std::time::Duration;

#[tokio::test]
async fn health_does_not_depend_on_airalo() {
    let site = spawn_proxy(Setup::playing(Scenario::Error500)).await;
    assert_eq!(site.balance().await.status(), 502);
    for path in ["/livez", "/readyz"] {
        let response = site.client.get(format!("{}{path}", site.admin)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
    }
    let elsewhere = site.client.get(format!("{}/api/balance", site.admin)).header("X-Airalo-Widget", "1");
    assert_eq!(elsewhere.send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_stop_finishes_what_is_under_way_and_says_so_meanwhile() {
    let mut setup = Setup::playing(Scenario::SlowHeaders);
    setup.sandbox.slow = Duration::from_secs(2);
    let mut site = spawn_proxy(setup).await;
    let (client, url) = (site.client.clone(), site.url.clone());
    let pending = tokio::spawn(async move { crate::ask(&client, &url).await.status() });
    until("the request is under way", async || site.asked() == (1, 1)).await;

    site.stop.take().unwrap().send(()).unwrap();
    until("the proxy says that it stops", async || {
        let ready = site.client.get(format!("{}/readyz", site.admin)).send().await;
        ready.is_ok_and(|response| response.status() == 503)
    })
    .await;
    assert_eq!(pending.await.unwrap(), 200);
    site.server.await.unwrap();
    assert!(site.client.get(&site.url).send().await.is_err());
}
