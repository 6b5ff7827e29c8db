//! Widget tokens: JSON web tokens that a partner's own server makes for its pages.

use crate::support::{
    ProxyProcess, Setup, TestProxy, contract, http_client, mint, mint_with, now, proxy_command, spawn_proxy,
};
use serde_json::{Value, json};
use std::fs;
use std::process::Command;

const SECRET: &str = "a key of thirty-two bytes, or so.";
const PANEL: &str = "https://panel.example.com";

async fn proxy() -> TestProxy {
    spawn_proxy(Setup::variables(&[("WIDGET_TOKEN_SECRET", SECRET), ("ALLOWED_ORIGINS", PANEL)])).await
}

async fn status(proxy: &TestProxy, token: &str, headers: &[(&str, &str)]) -> u16 {
    let authorization = format!("Bearer {token}");
    proxy
        .balance_with(&[&[("Authorization", authorization.as_str())], headers].concat())
        .await
        .status()
        .as_u16()
}

/// Claims that are valid, with others in their place.
fn claims(changes: &Value) -> Value {
    let mut claims = json!({"aud": "airalo-balance", "exp": now() + 600});
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    claims
}

#[tokio::test]
async fn a_token_is_accepted_if_it_is_signed_for_this_audience_and_short_lived() {
    let proxy = proxy().await;
    let now = now();
    for (changes, expected) in [
        (json!({}), 200),
        (json!({"sub": "user-7", "iat": now, "nbf": now}), 200),
        (json!({"aud": ["other", "airalo-balance"]}), 200),
        (json!({"exp": now + 900}), 200),
        (json!({"exp": now + 5}), 200),
        // The clocks of two servers differ.
        (json!({"exp": now - 10}), 200),
        (json!({"nbf": now + 10, "iat": now + 10}), 200),
        (json!({"exp": now as f64 + 0.5}), 200),
        (json!({"exp": now - 60}), 401),
        (json!({"exp": now + 1000}), 401),
        (json!({"exp": now + 86_400}), 401),
        (json!({"exp": 1e300}), 401),
        (json!({"exp": -1}), 401),
        (json!({"exp": (now + 600).to_string()}), 401),
        (json!({"exp": null}), 401),
        (json!({"aud": "other"}), 401),
        (json!({"aud": []}), 401),
        (json!({"aud": null}), 401),
        (json!({"aud": "AIRALO-BALANCE"}), 401),
        (json!({"nbf": now + 120}), 401),
        (json!({"nbf": "soon"}), 401),
        (json!({"iat": now + 120}), 401),
        (json!({"sub": 7}), 401),
        (json!({"origin": 7}), 401),
    ] {
        assert_eq!(status(&proxy, &mint(SECRET, &claims(&changes)), &[]).await, expected, "{changes}");
    }
}

#[tokio::test]
async fn a_token_for_one_origin_is_of_no_use_to_another() {
    let proxy = proxy().await;
    let token = mint(SECRET, &claims(&json!({"origin": PANEL})));
    assert_eq!(status(&proxy, &token, &[("Origin", PANEL)]).await, 200);
    assert_eq!(status(&proxy, &token, &[]).await, 401);
    let other = mint(SECRET, &claims(&json!({"origin": "https://other.example"})));
    assert_eq!(status(&proxy, &other, &[("Origin", PANEL)]).await, 401);
    assert_eq!(status(&proxy, &other, &[("Origin", "https://other.example")]).await, 403);
    // Every origin that may ask at all.
    let free = mint(SECRET, &claims(&json!({})));
    assert_eq!(status(&proxy, &free, &[("Origin", PANEL)]).await, 200);
    assert_eq!(status(&proxy, &free, &[("Origin", "https://other.example")]).await, 403);
}

#[tokio::test]
async fn no_other_algorithm_key_or_form_is_accepted() {
    let proxy = proxy().await;
    let valid = mint(SECRET, &claims(&json!({})));
    let (signed, _) = valid.rsplit_once('.').unwrap();
    let forged = |header: Value| mint_with(SECRET, &header, &claims(&json!({})));
    for token in [
        mint("another key of thirty-two bytes.", &claims(&json!({}))),
        forged(json!({"alg": "none"})),
        forged(json!({"alg": "HS384"})),
        forged(json!({"alg": "RS256"})),
        forged(json!({"alg": "hs256"})),
        forged(json!({"typ": "JWT"})),
        forged(json!({"alg": "HS256", "crit": ["b64"], "b64": false})),
        format!("{signed}."),
        signed.to_owned(),
        format!("{valid}x"),
        format!("{valid}."),
        format!("{valid}="),
        valid.replace('.', ".."),
        mint(SECRET, &json!("airalo-balance")),
        String::new(),
        "x".repeat(8_000),
        SECRET.replace(' ', "_"),
    ] {
        assert_eq!(status(&proxy, &token, &[]).await, 401, "{token}");
    }
    assert_eq!(status(&proxy, &valid, &[]).await, 200);
}

#[tokio::test]
async fn a_token_comes_with_the_header_of_the_card_and_once() {
    let proxy = proxy().await;
    let authorization = format!("Bearer {}", mint(SECRET, &claims(&json!({}))));
    let authorization = ("Authorization", authorization.as_str());
    let response = proxy.get_with("/api/balance", &[authorization]).await;
    assert_eq!(response.status(), 403);
    assert_eq!(response.text().await.unwrap(), contract("problem-missing-widget-header").trim_end());
    assert_eq!(proxy.balance_with(&[authorization, authorization]).await.status(), 401);
    let lower = authorization.1.replace("Bearer", "bearer");
    assert_eq!(proxy.balance_with(&[("Authorization", &lower)]).await.status(), 200);
    let basic = authorization.1.replace("Bearer", "Basic");
    assert_eq!(proxy.balance_with(&[("Authorization", &basic)]).await.status(), 401);
}

#[cfg(unix)]
#[tokio::test]
async fn the_log_says_at_debug_why_a_token_is_refused_and_nothing_of_the_token() {
    let variables = [("WIDGET_TOKEN_SECRET", SECRET), ("RUST_LOG", "debug")];
    let mut process = ProxyProcess::start(proxy_command(&["--sandbox"], &variables));
    let (client, url) = (http_client(), process.url());
    let now = now();
    let signed = |changes: Value| mint(SECRET, &claims(&changes));
    let refused = [
        (signed(json!({"sub": 7})), "aud, sub and origin are texts"),
        (signed(json!({"exp": "soon"})), "exp, nbf and iat are numbers"),
        (signed(json!({"exp": null})), "exp and aud are needed"),
        (signed(json!({"aud": null})), "exp and aud are needed"),
        (signed(json!({"exp": now - 60})), "has expired"),
        (signed(json!({"exp": now + 3600})), "more than 15 minutes"),
        (signed(json!({"iat": now + 120})), "of the future (iat)"),
        (signed(json!({"nbf": now + 120})), "of the future (nbf)"),
        (signed(json!({"aud": "other"})), "another audience"),
        (signed(json!({"origin": PANEL})), "another origin"),
        (mint(&SECRET.repeat(2), &claims(&json!({}))), "another key than WIDGET_TOKEN_SECRET"),
        (mint_with(SECRET, &json!({"alg": "HS512"}), &claims(&json!({}))), "not signed with HS256"),
        (mint_with(SECRET, &json!({"alg": "HS256", "crit": ["b64"]}), &claims(&json!({}))), "(crit)"),
        ("<!doctype".to_owned(), "no JSON web token"),
    ];
    for (token, _) in &refused {
        let request = client.get(format!("{url}/api/balance")).bearer_auth(token);
        assert_eq!(request.send().await.unwrap().status(), 401, "{token}");
    }
    let log = process.stop();
    let said: Vec<_> = log.iter().filter(|line| line.contains("a widget token is refused")).collect();
    assert_eq!(said.len(), refused.len(), "{log:#?}");
    for (line, (token, reason)) in said.iter().zip(&refused) {
        assert!(line.contains("DEBUG") && line.contains(reason), "{reason} is not in {line}");
        assert!(!token.split('.').any(|part| line.contains(part)), "{line}");
    }
}

#[tokio::test]
async fn the_examples_take_a_number_for_a_user() {
    let proxy = proxy().await;
    let folder = format!("{}/../examples/widget-token", env!("CARGO_MANIFEST_DIR"));
    let node = "import { widgetToken } from './token.mjs'; console.log(widgetToken(process.env.KEY, 7));";
    let php = "require './token.php'; echo widget_token(getenv('KEY'), 7);";
    for (program, arguments) in [("node", ["--input-type=module", "-e", node]), ("php", ["-n", "-r", php])] {
        let mut command = Command::new(program);
        let Ok(output) = command.args(arguments).current_dir(&folder).env("KEY", SECRET).output() else {
            eprintln!("{program} is not installed");
            continue;
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let token = String::from_utf8(output.stdout).unwrap();
        assert_eq!(status(&proxy, token.trim(), &[]).await, 200, "{program}");
    }
}

/// The examples are run where their language is installed.
#[tokio::test]
async fn the_tokens_of_the_examples_in_node_and_php_are_accepted() {
    let proxy = proxy().await;
    let folder = format!("{}/../examples/widget-token", env!("CARGO_MANIFEST_DIR"));
    for (program, file) in [("node", "token.mjs"), ("php", "token.php")] {
        let mut command = Command::new(program);
        command.arg(file).current_dir(&folder).env("WIDGET_TOKEN_SECRET", SECRET);
        let Ok(output) = command.args(["user-7", PANEL]).output() else {
            eprintln!("{program} is not installed");
            continue;
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let token = String::from_utf8(output.stdout).unwrap();
        assert_eq!(status(&proxy, token.trim(), &[("Origin", PANEL)]).await, 200, "{program}");
        assert_eq!(status(&proxy, token.trim(), &[]).await, 401, "{program}");
    }
}

#[tokio::test]
async fn the_secrets_are_read_again_and_the_old_ones_are_then_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("key");
    fs::write(&path, SECRET).unwrap();
    let file = path.to_str().unwrap().to_owned();
    let proxy = spawn_proxy(Setup::variables(&[("WIDGET_TOKEN_SECRET_FILE", &file)])).await;
    let reload = || proxy.reload_with(&[("WIDGET_TOKEN_SECRET_FILE", &file)]);
    let (old, new) = (mint(SECRET, &claims(&json!({}))), mint(&SECRET.repeat(2), &claims(&json!({}))));
    assert_eq!((status(&proxy, &old, &[]).await, status(&proxy, &new, &[]).await), (200, 401));

    fs::write(&path, SECRET.repeat(2)).unwrap();
    assert_eq!((status(&proxy, &old, &[]).await, status(&proxy, &new, &[]).await), (200, 401));
    reload();
    assert_eq!((status(&proxy, &old, &[]).await, status(&proxy, &new, &[]).await), (401, 200));

    // A file that is half written or gone changes nothing.
    fs::write(&path, "short").unwrap();
    reload();
    fs::remove_file(&path).unwrap();
    reload();
    assert_eq!(status(&proxy, &new, &[]).await, 200);

    // Without any secret nobody may ask; the server does not become open.
    proxy.reload_with(&[]);
    assert_eq!(status(&proxy, &new, &[]).await, 401);
}
