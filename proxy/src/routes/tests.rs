use super::assets::CardFiles;
use super::*;
use axum::http::StatusCode;

/// No route of the proxy can be made to panic, so this test adds one inside the same service.
#[tokio::test]
async fn a_panic_is_a_problem_with_the_common_headers_and_without_its_message() {
    let config = crate::config::Config::from_vars(true, |_| None).unwrap();
    let access = Access::new(config.access);
    let router = Router::new().route("/", get(|| async { panicking() }));
    let service = PublicService::new(router, CardFiles::default(), access, Metrics::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(crate::server::serve_for_ever(listener, service));

    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    let response = client.get(format!("http://{address}/")).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("vary", "Origin"),
    ] {
        assert_eq!(response.headers()[name], value);
    }
    assert!(
        response.headers()["content-security-policy"].to_str().unwrap().ends_with("frame-ancestors 'none'")
    );
    let body = response.text().await.unwrap();
    assert_eq!(Problem::read(&body), Some(Problem::Internal));
    assert!(!body.contains("inner words"), "{body}");
    server.abort();
}

fn panicking() -> &'static str {
    panic!("inner words")
}
