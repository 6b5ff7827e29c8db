use crate::support::spawn_sandbox;
use airalo_balance_sandbox::{Config, STAND_IN_HEADER, Scenario, serve};
use tokio::net::TcpListener;

#[tokio::test]
async fn every_response_has_the_header_of_the_stand_in() {
    let test = spawn_sandbox(Config::default()).await;
    for path in
        ["/", "/console.css", "/console.js", "/v2/balance", "/v2/token", "/_sandbox/state", "/nowhere"]
    {
        let response = test.client.get(test.url(path)).send().await.unwrap();
        assert_eq!(response.headers()[STAND_IN_HEADER], "1", "{path}");
    }
}

#[tokio::test]
async fn other_machines_cannot_reach_it() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let error = serve(Config::default(), listener).unwrap_err();
    assert!(error.to_string().contains("use a loopback address"), "{error}");
}

#[tokio::test]
async fn it_stops_when_dropped() {
    let test = spawn_sandbox(Config { scenario: Scenario::SlowHeaders, ..Config::default() }).await;
    let address = test.sandbox.address();
    drop(test);
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_slow_response_does_not_keep_it_from_stopping() {
    let test = spawn_sandbox(Config { scenario: Scenario::SlowHeaders, ..Config::default() }).await;
    let request = test.balance_request(&test.token().await).send();
    let pending = tokio::spawn(request);
    while test.sandbox.state().counts().balance_requests == 0 {
        tokio::task::yield_now().await;
    }
    test.sandbox.shutdown().await;
    pending.abort();
}
