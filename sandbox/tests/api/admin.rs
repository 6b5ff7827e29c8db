use crate::support::{TestSandbox, spawn_sandbox};
use airalo_balance_sandbox::{Cents, Config, Scenario};
use serde_json::{Value, json};

async fn state(test: &TestSandbox) -> String {
    test.client.get(test.url("/_sandbox/state")).send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn the_state_shows_the_balance_the_scenario_and_the_counts() {
    let test = spawn_sandbox(Config::default()).await;
    let token = test.token().await;
    test.balance_request(&token).send().await.unwrap();
    let text = state(&test).await;
    assert!(text.contains(r#""balance":225.35,"#), "{text}");
    let state: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&state["currency"], &state["scenario"]), (&json!("USD"), &json!("normal")));
    assert_eq!(state["counts"]["token_requests"], 1);
    assert_eq!(state["counts"]["balance_requests"], 1);
    assert!(!text.contains(&token));
}

#[tokio::test]
async fn the_admin_endpoints_change_the_balance_by_exact_amounts() {
    let test = spawn_sandbox(Config::default()).await;
    for (path, balance) in [
        ("order", 22_085),
        ("order?amount=0.07", 22_078),
        ("top-up?amount=100", 32_078),
        ("balance?amount=-0.5", -50),
        ("top-up", 9_950),
    ] {
        assert_eq!(test.admin(path).await.status(), 200, "{path}");
        assert_eq!(test.sandbox.state().balance(), Cents::new(balance), "{path}");
    }
}

#[tokio::test]
async fn an_order_that_costs_too_much_is_refused_in_the_documented_shape() {
    let test = spawn_sandbox(Config::default()).await;
    let response = test.admin("order?amount=300").await;
    assert_eq!(response.status(), 422);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body, json!({"code": 11, "reason": "Insufficient Airalo Credit: 74.65"}));
}

#[tokio::test]
async fn invalid_values_are_refused_with_the_remedy_and_change_nothing() {
    let test = spawn_sandbox(Config::default()).await;
    for path in [
        "order?amount=free",
        "order?amount=-4",
        "order?amount=0.001",
        "top-up?amount=0",
        "top-up?amount=92233720368547758.07",
        "balance",
        "scenario?name=Chaos",
    ] {
        let response = test.admin(path).await;
        assert_eq!(response.status(), 422, "{path}");
        assert!(response.json::<Value>().await.unwrap()["error"].is_string());
    }
    assert_eq!(test.sandbox.state().balance(), Config::default().balance);
}

#[tokio::test]
async fn every_listed_scenario_can_be_set_and_reset() {
    let test = spawn_sandbox(Config::default()).await;
    let listed = test.client.get(test.url("/_sandbox/scenarios")).send().await.unwrap();
    let listed: Vec<Value> = listed.json().await.unwrap();
    assert_eq!(listed.len(), Scenario::all().len());
    for scenario in listed {
        let name = scenario["name"].as_str().unwrap();
        assert_eq!(test.admin(&format!("scenario?name={name}")).await.status(), 200);
        assert_eq!(test.sandbox.state().scenario().name(), name);
    }
    test.admin("reset").await;
    assert_eq!(test.sandbox.state().scenario(), Scenario::Normal);
}

#[tokio::test]
async fn a_page_of_another_site_cannot_use_the_admin_endpoints() {
    let test = spawn_sandbox(Config::default()).await;
    for (header, value, status) in [
        ("Sec-Fetch-Site", "cross-site", 403),
        ("Sec-Fetch-Site", "same-site", 403),
        ("Sec-Fetch-Site", "same-origin", 200),
        ("Host", "rebound.example", 403),
        ("Host", "127.0.0.1.rebound.example", 403),
        ("Host", "localhost:8081", 200),
        ("Host", "[::1]:8081", 200),
    ] {
        let request = test.client.post(test.url("/_sandbox/reset")).header(header, value);
        assert_eq!(request.send().await.unwrap().status(), status, "{header}: {value}");
    }
}

#[tokio::test]
async fn the_console_says_that_it_is_a_stand_in_and_allows_nothing_inline() {
    let test = spawn_sandbox(Config::default()).await;
    let response = test.client.get(test.url("/")).send().await.unwrap();
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
    let page = response.text().await.unwrap();
    assert!(page.contains("Stand-in"));
    assert!(!page.contains("<style") && !page.contains("style=") && !page.contains("<script>"));
}
