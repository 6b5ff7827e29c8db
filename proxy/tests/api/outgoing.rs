//! Requests to Airalo through the HTTP proxy of a partner's network.

use crate::support::{
    Certificates, ProxyProcess, TOKEN, get_balance, http_client, proxy_command, spawn_partner, spawn_tunnels,
};
use airalo_balance_sandbox as sandbox;
use tokio::net::TcpListener;

/// A name that no resolver knows, so that only a tunnel leads to it.
const PARTNER: &str = "partner.invalid";

/// `user:hunter2`, as a header.
const USER: &str = "proxy-authorization: Basic dXNlcjpodW50ZXIy";

fn start(root: &str, base_url: &str, variables: &[(&str, &str)]) -> ProxyProcess {
    let mut all = vec![
        ("AIRALO_CLIENT_ID", "id-for-tls"),
        ("AIRALO_CLIENT_SECRET", "secret-for-tls"),
        ("AIRALO_BASE_URL", base_url),
        ("SSL_CERT_FILE", root),
        ("RUST_LOG", "trace"),
    ];
    all.extend_from_slice(variables);
    ProxyProcess::start(proxy_command(&[], &all))
}

/// The status of the balance and its body.
async fn balance(process: &mut ProxyProcess) -> (u16, String) {
    let response = get_balance(&http_client(), &process.url()).await;
    (response.status().as_u16(), response.text().await.unwrap())
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_leave_through_the_proxy_with_its_user_and_the_token_only_inside_tls() {
    let certificates = Certificates::new(&[PARTNER]);
    let (partner, requests) = spawn_partner(&certificates).await;
    let (address, tunnels) = spawn_tunnels(partner, None, USER).await;
    let proxy = format!("http://user:hunter2@{address}");
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        requests.lock().unwrap().clear();
        let mut process = start(certificates.root(), &format!("https://{PARTNER}"), &[(name, &proxy)]);
        let (status, body) = balance(&mut process).await;
        assert_eq!((status, body.contains("225.35")), (200, true), "{name}: {body}");

        let seen = requests.lock().unwrap().join("\n");
        assert!(seen.contains("POST /v2/token ") && seen.contains("GET /v2/balance "), "{seen}");
        assert!(seen.contains(TOKEN) && !seen.to_lowercase().contains("proxy-"), "{seen}");
        let log = process.stop().join("\n");
        assert!(!log.contains("hunter2") && !log.contains("dXNlcjpodW50ZXIy"), "{log}");
    }
    let heads = tunnels.heads.lock().unwrap().clone();
    assert!(
        heads.iter().all(|head| head.starts_with("CONNECT partner.invalid:443 HTTP/1.1\r\n")),
        "{heads:?}"
    );
    let mut passed_on = tunnels.bytes.lock().unwrap().clone();
    passed_on.extend(heads.concat().into_bytes());
    for secret in [TOKEN, "id-for-tls", "secret-for-tls", "Bearer", "/v2/"] {
        assert!(!contains(&passed_on, secret), "{secret} was sent in the open");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_may_itself_be_reached_through_tls() {
    let certificates = Certificates::new(&[PARTNER, "localhost"]);
    let (partner, _) = spawn_partner(&certificates).await;
    let (address, tunnels) = spawn_tunnels(partner, Some(&certificates), USER).await;
    let proxy = format!("https://user:hunter2@localhost:{}", address.port());
    let mut process = start(certificates.root(), &format!("https://{PARTNER}"), &[("HTTPS_PROXY", &proxy)]);
    let (status, body) = balance(&mut process).await;
    assert_eq!(status, 200, "{body}");
    assert!(!tunnels.heads.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_refuses_is_a_failed_connection_whose_log_holds_no_password() {
    let certificates = Certificates::new(&[PARTNER]);
    let (partner, requests) = spawn_partner(&certificates).await;
    let (address, _) = spawn_tunnels(partner, None, USER).await;
    let proxy = format!("http://user:swordfish@{address}");
    let mut process = start(certificates.root(), &format!("https://{PARTNER}"), &[("HTTPS_PROXY", &proxy)]);
    let (status, body) = balance(&mut process).await;
    assert_eq!(status, 502, "{body}");
    let log = process.stop().join("\n");
    assert!(log.contains("proxy auth"), "the log does not say that the proxy refused: {log}");
    assert!(!log.contains("swordfish"), "{log}");
    assert!(requests.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_whose_certificate_is_not_right_is_sent_nothing() {
    let (right, other) = (Certificates::new(&[PARTNER]), Certificates::new(&["other.invalid"]));
    for (shown, trusted) in [(&other, &other), (&right, &other)] {
        let (partner, requests) = spawn_partner(shown).await;
        let (address, tunnels) = spawn_tunnels(partner, None, "").await;
        let proxy = format!("http://{address}");
        let mut process = start(trusted.root(), &format!("https://{PARTNER}"), &[("HTTPS_PROXY", &proxy)]);
        let (status, body) = balance(&mut process).await;
        assert_eq!(status, 502, "{body}");
        assert!(requests.lock().unwrap().is_empty() && !tunnels.heads.lock().unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_of_no_proxy_is_reached_directly() {
    let certificates = Certificates::new(&[PARTNER]);
    let (partner, _) = spawn_partner(&certificates).await;
    let (address, tunnels) = spawn_tunnels(partner, None, "").await;
    let proxy = format!("http://{address}");
    for exempt in [("NO_PROXY", "example.com, .invalid"), ("no_proxy", "*")] {
        let variables = [("HTTPS_PROXY", proxy.as_str()), exempt];
        let mut process = start(certificates.root(), &format!("https://{PARTNER}"), &variables);
        let (status, body) = balance(&mut process).await;
        assert!([502, 504].contains(&status), "{body}");
    }
    assert!(tunnels.heads.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loopback_address_is_reached_directly_whatever_the_proxy_variables_say() {
    let certificates = Certificates::new(&["localhost"]);
    let (partner, _) = spawn_partner(&certificates).await;
    let plain = sandbox::Config {
        client_id: "id-for-tls".into(),
        client_secret: "secret-for-tls".into(),
        ..sandbox::Config::default()
    };
    let plain = sandbox::serve(plain, TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap();
    let (address, tunnels) = spawn_tunnels(partner, None, "").await;
    let proxy = format!("http://{address}");
    let names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
    for base_url in [format!("https://localhost:{}", partner.port()), plain.url()] {
        let mut process = start(certificates.root(), &base_url, &names.map(|name| (name, proxy.as_str())));
        let (status, body) = balance(&mut process).await;
        assert_eq!(status, 200, "{base_url}: {body}");
    }
    assert!(tunnels.heads.lock().unwrap().is_empty());
}

#[test]
fn an_invalid_proxy_keeps_it_from_starting_and_is_named_and_not_shown() {
    let credentials = [("AIRALO_CLIENT_ID", "a"), ("AIRALO_CLIENT_SECRET", "b")];
    for (name, value) in [
        ("HTTPS_PROXY", "socks5://user:hunter2@proxy.example:1080"),
        ("https_proxy", "http://hunter2:port"),
        ("SSL_CERT_FILE", "/hunter2"),
    ] {
        let output = proxy_command(&[], &[&credentials[..], &[(name, value)]].concat()).output().unwrap();
        assert!(!output.status.success(), "{name}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(&format!("{name} must be ")), "{stderr}");
        assert!(!stderr.contains("hunter2"), "{stderr}");
    }
}

#[test]
fn help_explains_how_requests_leave() {
    let output = proxy_command(&["--help"], &[]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for name in ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE"] {
        assert!(help.contains(name), "{name} is not in: {help}");
    }
}
