//! How the program ends, and what it does not end for.

use crate::support::{ProxyProcess, http_client, proxy_command};
use reqwest::{Client, StatusCode};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio_rusqlite::rusqlite::Connection;

/// What is left of the ten seconds after which container engines kill.
const LONGEST_SHUTDOWN: Duration = Duration::from_secs(9);

fn with_health() -> ProxyProcess {
    ProxyProcess::start(proxy_command(&["--sandbox"], &[("ADMIN_LISTEN", "127.0.0.1:0")]))
}

/// The URLs of both listeners.
fn urls(process: &mut ProxyProcess) -> (String, String) {
    let url = process.url();
    let line = process.wait_for_line("health on ");
    let admin = line.split("health on ").nth(1).unwrap().split("/readyz").next().unwrap().to_owned();
    (url, admin)
}

async fn status(client: &Client, url: &str) -> Option<StatusCode> {
    client.get(url).send().await.ok().map(|response| response.status())
}

#[tokio::test]
async fn a_shutdown_is_announced_before_anybody_is_refused() {
    let mut process = with_health();
    let (url, admin) = urls(&mut process);
    let client = http_client();
    assert_eq!(status(&client, &format!("{admin}/readyz")).await, Some(StatusCode::OK));
    let start = Instant::now();
    process.signal("TERM");
    process.wait_for_line("stopping");
    assert_eq!(status(&client, &format!("{admin}/readyz")).await, Some(StatusCode::SERVICE_UNAVAILABLE));
    let response = client.get(&url).send().await.unwrap();
    assert_eq!(response.headers()["connection"], "close");
    assert_eq!(process.exit_code(LONGEST_SHUTDOWN), Some(0));
    assert!(start.elapsed() > Duration::from_millis(1_500), "a load balancer had no time to see it");
}

/// Keeps all other processes from writing to a database for as long as it is there.
fn hold(database: &Path) -> Connection {
    let connection = Connection::open(database).unwrap();
    connection.busy_timeout(Duration::from_secs(20)).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

// It takes as long as a shutdown may, because everything hangs.
#[tokio::test]
async fn a_shutdown_is_over_within_nine_seconds_whatever_hangs() {
    let directory = tempfile::tempdir().unwrap();
    let (assets, database) = (directory.path().join("assets"), directory.path().join("history.db"));
    fs::create_dir(&assets).unwrap();
    fs::write(assets.join("index.html"), "<!doctype html>").unwrap();
    fs::write(assets.join("airalo-balance_bg.wasm"), vec![b'x'; 16 << 20]).unwrap();
    let variables = [
        ("ASSETS_DIR", assets.to_str().unwrap()),
        ("HISTORY", database.to_str().unwrap()),
        ("ADMIN_LISTEN", "127.0.0.1:0"),
        // There is something to write at any moment.
        ("BALANCE_TTL", "1"),
        ("SANDBOX_ORDER_EVERY", "1"),
    ];
    let mut process = ProxyProcess::start(proxy_command(&["--sandbox"], &variables));
    let (url, admin) = urls(&mut process);
    let _database = hold(&database);
    // A reading is not written, and each later one waits in the same way.
    process.wait_for_line("the history goes on in memory");

    let mut held = Vec::new();
    for request in [
        "GET / HTTP/1.1\r\nHost: {host}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: {host}\r\nX-Slow: ",
        "POST /webhooks/airalo HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\n\r\n12345678",
        "GET /airalo-balance_bg.wasm HTTP/1.1\r\nHost: {host}\r\n\r\n",
    ] {
        for url in [&admin, &url] {
            let host = url.trim_start_matches("http://");
            let mut stream = TcpStream::connect(host).unwrap();
            stream.write_all(request.replace("{host}", host).as_bytes()).unwrap();
            held.push(stream);
        }
    }
    // Of the file, which is larger than what the system holds for a reader, nobody reads the rest.
    let mut begin = [0; 15];
    held.last_mut().unwrap().read_exact(&mut begin).unwrap();
    assert_eq!(begin, *b"HTTP/1.1 200 OK");
    process.signal("TERM");
    assert_eq!(process.exit_code(LONGEST_SHUTDOWN), Some(0));
    process.wait_for_line("closing connections whose requests did not finish in time");
    process.wait_for_line("the last samples of the history are not written");
}

#[test]
fn a_shutdown_is_over_within_nine_seconds_although_nobody_reads_the_log() {
    let mut process = ProxyProcess::start(proxy_command(&["--sandbox"], &[("RUST_LOG", "debug")]));
    let address = process.url().trim_start_matches("http://").to_owned();
    // Every thread soon waits to write its line, and then no request is answered.
    let request = format!("GET /{} HTTP/1.1\r\nHost: {address}\r\n\r\n", "x".repeat(4_000));
    for _ in 0..100 {
        let Ok(mut stream) = TcpStream::connect(&address) else { break };
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        if stream.write_all(request.as_bytes()).is_err() || stream.read(&mut [0; 100]).is_err() {
            break;
        }
    }
    process.signal("TERM");
    assert_eq!(process.exit_code(LONGEST_SHUTDOWN), Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut process = with_health();
    urls(&mut process);
    process.signal("TERM");
    process.wait_for_line("stopping");
    process.signal("INT");
    assert_eq!(process.exit_code(Duration::from_millis(1_500)), Some(1));
}

#[tokio::test]
async fn sighup_does_not_end_it() {
    let mut process = ProxyProcess::start(proxy_command(&["--sandbox"], &[]));
    let url = process.url();
    process.signal("HUP");
    process.wait_for_line("were read again");
    assert!(status(&http_client(), &format!("{url}/api/balance")).await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_on_kept_connections_lose_no_request_to_a_shutdown() {
    let mut process = with_health();
    let (url, _) = urls(&mut process);
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let url = format!("{url}/nothing");
            tokio::spawn(async move {
                let client = http_client();
                loop {
                    let response = client.get(&url).send().await?;
                    if response.headers().contains_key("connection") {
                        return reqwest::Result::Ok(());
                    }
                    response.bytes().await?;
                }
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    process.signal("TERM");
    for reader in readers {
        reader.await.unwrap().expect("a request was lost");
    }
    assert_eq!(process.exit_code(LONGEST_SHUTDOWN), Some(0));
}

#[tokio::test]
async fn a_new_process_starts_while_the_old_one_drains() {
    let mut old = with_health();
    let (url, admin) = urls(&mut old);
    let address = |url: &str| url.trim_start_matches("http://").to_owned();
    let mut command = proxy_command(&["--sandbox"], &[("ADMIN_LISTEN", &address(&admin))]);
    command.env("LISTEN", address(&url));
    let mut new = ProxyProcess::start(command);
    // It says so once, and goes on trying.
    new.wait_for_line("is in use; trying again");
    // The old one has a request that keeps it until its last moment.
    let mut held = TcpStream::connect(address(&url)).unwrap();
    held.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").unwrap();
    old.signal("TERM");
    new.wait_for_line("health on ");
    let client = http_client();
    assert_eq!(status(&client, &format!("{admin}/readyz")).await, Some(StatusCode::OK));
    assert!(status(&client, &url).await.is_some());
    assert_eq!(old.exit_code(LONGEST_SHUTDOWN), Some(0));
    let log = new.stop();
    assert_eq!(log.iter().filter(|line| line.contains("trying again")).count(), 1, "{log:#?}");
}
