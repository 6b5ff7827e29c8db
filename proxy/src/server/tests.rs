mod bodies;
mod flood;

use super::*;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::routing::get;
use futures_util::stream;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep, timeout};

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// Only a test that fails waits this long.
const TIMEOUT: Duration = Duration::from_secs(20);

const LONG: Duration = Duration::from_secs(100);

const SHORT: Duration = Duration::from_millis(300);

/// Each test makes one of them short.
const LONG_DEADLINES: Deadlines =
    Deadlines { head: LONG, idle: LONG, proxy_idle: LONG, write: LONG, response: LONG, close: LONG };

pub(crate) async fn serve_for_ever(listener: TcpListener, service: impl HttpService) {
    let (_stage, stages) = watch::channel(Stage::Running);
    let options = Options {
        limits: Limits::of_total(64),
        deadlines: Deadlines::default(),
        clients: Arc::new(NoProxies),
    };
    serve(listener, service, options, stages).await;
}

/// Starts a server, and connects to it.
async fn connect(deadlines: Deadlines, router: Router) -> (TcpStream, watch::Sender<Stage>) {
    connect_with(deadlines, router, Arc::new(NoProxies)).await
}

async fn connect_with(
    deadlines: Deadlines,
    router: Router,
    clients: Arc<dyn Clients>,
) -> (TcpStream, watch::Sender<Stage>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stage, stages) = watch::channel(Stage::Running);
    let options = Options { limits: Limits::of_total(64), deadlines, clients };
    tokio::spawn(serve(listener, router, options, stages));
    (TcpStream::connect(address).await.unwrap(), stage)
}

fn greeting() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

/// A response that does not fit into what the system buffers.
fn long() -> Router {
    Router::new().route("/", get(|| async { vec![b'x'; 64 << 20] }))
}

async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = timeout(TIMEOUT, stream.read_to_end(&mut bytes)).await.expect("the connection was left open");
    bytes
}

async fn read_greeting(stream: &mut TcpStream) {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"hello") {
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "{bytes:?}");
    }
}

#[tokio::test]
async fn a_connection_without_a_request_is_closed() {
    let (mut stream, _stage) = connect(Deadlines { idle: SHORT, ..LONG_DEADLINES }, greeting()).await;
    assert!(rest(&mut stream).await.is_empty());
}

#[tokio::test]
async fn a_kept_connection_is_closed_when_no_other_request_comes() {
    let (mut stream, _stage) = connect(Deadlines { idle: SHORT, ..LONG_DEADLINES }, greeting()).await;
    for _ in 0..3 {
        stream.write_all(REQUEST).await.unwrap();
        read_greeting(&mut stream).await;
    }
    assert!(rest(&mut stream).await.is_empty());
}

#[tokio::test]
async fn a_head_that_trickles_does_not_keep_its_connection() {
    let (stream, _stage) = connect(Deadlines { head: SHORT, ..LONG_DEADLINES }, greeting()).await;
    let (mut reading, mut writing) = stream.into_split();
    let trickle = tokio::spawn(async move {
        while writing.write_all(b"G").await.is_ok() {
            sleep(SHORT / 10).await
        }
    });
    let mut bytes = Vec::new();
    let _ = timeout(TIMEOUT, reading.read_to_end(&mut bytes)).await.expect("the connection was left open");
    trickle.abort();
}

#[tokio::test]
async fn a_second_head_has_the_same_deadline_although_its_first_bytes_came_early() {
    let (mut stream, _stage) = connect(Deadlines { head: SHORT, ..LONG_DEADLINES }, slow()).await;
    stream.write_all(REQUEST).await.unwrap();
    sleep(SHORT / 6).await;
    stream.write_all(b"GET").await.unwrap();
    assert!(rest(&mut stream).await.ends_with(b"hello"));
}

fn slow() -> Router {
    let handler = || async {
        sleep(SHORT / 3).await;
        "hello"
    };
    Router::new().route("/", get(handler))
}

#[tokio::test]
async fn a_response_that_is_not_read_does_not_keep_its_connection() {
    let (mut stream, _stage) = connect(Deadlines { write: SHORT, ..LONG_DEADLINES }, long()).await;
    stream.write_all(REQUEST).await.unwrap();
    sleep(SHORT * 4).await;
    assert!(rest(&mut stream).await.len() < 64 << 20);
}

#[tokio::test]
async fn a_response_that_is_read_slowly_does_not_keep_its_connection_for_ever() {
    let (mut stream, _stage) = connect(Deadlines { response: SHORT * 3, ..LONG_DEADLINES }, long()).await;
    stream.write_all(REQUEST).await.unwrap();
    let slowly = async {
        let mut buffer = [0; 1000];
        while stream.read(&mut buffer).await.is_ok_and(|length| length > 0) {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(TIMEOUT, slowly).await.expect("the connection was left open");
}

#[tokio::test]
async fn a_handler_that_hangs_does_not_keep_its_connection() {
    let router = Router::new().route("/", get(std::future::pending::<&str>));
    let (mut stream, _stage) = connect(Deadlines { response: SHORT, ..LONG_DEADLINES }, router).await;
    stream.write_all(REQUEST).await.unwrap();
    assert!(rest(&mut stream).await.is_empty());
}

#[tokio::test]
async fn a_client_that_never_closes_does_not_keep_its_connection() {
    let (mut stream, stage) = connect(Deadlines { close: SHORT, ..LONG_DEADLINES }, greeting()).await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(rest(&mut stream).await.ends_with(b"hello"));
    stage.send_replace(Stage::Closing);
    // The server drops its receiver when it has no connections left.
    timeout(TIMEOUT, stage.closed()).await.expect("the connection was kept");
}

/// With bytes that nobody reads, the system would reset the connection, and the response may be lost.
#[tokio::test]
async fn a_client_whose_request_is_too_long_reads_why() {
    for _ in 0..20 {
        let (mut stream, _stage) = connect(LONG_DEADLINES, greeting()).await;
        let head = format!("GET / HTTP/1.1\r\nHost: a\r\nX-Long: {}\r\n\r\n", "x".repeat(40_000));
        let _ = stream.write_all(head.as_bytes()).await;
        let response = String::from_utf8(rest(&mut stream).await).unwrap();
        assert!(response.starts_with("HTTP/1.1 431"), "{response}");
        sleep(Duration::from_millis(5)).await;
        assert!(stream.take_error().unwrap().is_none(), "the connection was reset");
    }
}

/// That is how hyper works. Otherwise responses that nobody reads would fill the memory.
#[tokio::test]
async fn a_client_that_does_not_read_makes_the_server_do_no_more_for_it() {
    const SENT: usize = 20_000;
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let handler = async move || {
        counter.fetch_add(1, Ordering::Relaxed);
        // hyper holds bodies back, but not heads.
        [("x-long", "x".repeat(5_000))]
    };
    let (mut stream, _stage) = connect(LONG_DEADLINES, Router::new().route("/", get(handler))).await;
    let _ = timeout(SHORT * 3, stream.write_all(&REQUEST.repeat(SENT))).await;
    sleep(SHORT).await;
    let served = count.load(Ordering::Relaxed);
    assert!(served < SENT / 10, "{served} requests were served, and no response was read");
}

#[tokio::test]
async fn a_response_in_several_parts_is_sent_without_waiting() {
    const COUNT: u32 = 60;
    let parts = || async {
        let part = |text: &'static str| async move {
            tokio::task::yield_now().await;
            Ok::<_, Infallible>(text)
        };
        Body::from_stream(stream::unfold(0, move |number| async move {
            let text = ["he", "ll", "o"].get(number)?;
            Some((part(text).await, number + 1))
        }))
    };
    let (mut stream, _stage) = connect(LONG_DEADLINES, Router::new().route("/", get(parts))).await;
    let start = Instant::now();
    for _ in 0..COUNT {
        stream.write_all(REQUEST).await.unwrap();
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"0\r\n\r\n") {
            assert!(stream.read_buf(&mut bytes).await.unwrap() > 0);
        }
    }
    // With the delay of the system, 40 ms, most of them would take that long.
    let average = start.elapsed() / COUNT;
    assert!(average < Duration::from_millis(20), "{average:?}");
}

#[tokio::test]
async fn while_draining_each_response_is_the_last_of_its_connection() {
    let (mut stream, stage) = connect(LONG_DEADLINES, greeting()).await;
    stream.write_all(REQUEST).await.unwrap();
    read_greeting(&mut stream).await;
    stage.send_replace(Stage::Draining);
    stream.write_all(REQUEST).await.unwrap();
    let last = String::from_utf8(rest(&mut stream).await).unwrap();
    assert!(last.contains("connection: close"), "{last}");
    assert!(last.ends_with("hello"), "{last}");
}

#[tokio::test]
async fn a_closing_server_finishes_a_request_and_closes_idle_connections() {
    let (mut busy, stage) = connect(LONG_DEADLINES, slow()).await;
    let mut idle = TcpStream::connect(busy.peer_addr().unwrap()).await.unwrap();
    idle.write_all(REQUEST).await.unwrap();
    read_greeting(&mut idle).await;
    busy.write_all(REQUEST).await.unwrap();
    sleep(SHORT / 10).await;
    stage.send_replace(Stage::Closing);
    assert!(rest(&mut busy).await.ends_with(b"hello"));
    assert!(rest(&mut idle).await.is_empty());
    drop((busy, idle));
    timeout(TIMEOUT, stage.closed()).await.expect("the server goes on");
}

/// Trusts every program on this machine, and takes the whole of `X-Forwarded-For` for the client.
#[derive(Debug)]
struct Credulous;

impl Clients for Credulous {
    fn is_trusted_proxy(&self, peer: IpAddr) -> bool {
        peer.is_loopback()
    }

    fn client(&self, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
        let forwarded = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()?.parse().ok());
        forwarded.unwrap_or(peer)
    }
}

#[tokio::test]
async fn a_trusted_proxy_keeps_its_connections_longer_than_others() {
    let deadlines = Deadlines { idle: SHORT, ..LONG_DEADLINES };
    let (mut stream, _stage) = connect_with(deadlines, greeting(), Arc::new(Credulous)).await;
    for _ in 0..2 {
        stream.write_all(REQUEST).await.unwrap();
        read_greeting(&mut stream).await;
        sleep(SHORT * 4).await;
    }
    let deadlines = Deadlines { proxy_idle: SHORT, ..LONG_DEADLINES };
    let (mut stream, _stage) = connect_with(deadlines, greeting(), Arc::new(Credulous)).await;
    assert!(rest(&mut stream).await.is_empty());
}

#[test]
fn kept_connections_outlast_those_of_load_balancers() {
    let Deadlines { idle, proxy_idle, .. } = Deadlines::default();
    assert!(idle > Duration::from_secs(60) && proxy_idle > Duration::from_secs(600));
}

#[tokio::test]
async fn a_client_behind_a_trusted_proxy_has_a_limit_of_its_own() {
    let handler = || async { std::future::pending::<&str>().await };
    let router = Router::new().route("/slow", get(handler)).route("/", get(|| async { "hello" }));
    let router = router.layer(axum::middleware::from_fn(refuse_unwanted));
    let (first, _stage) = connect_with(LONG_DEADLINES, router, Arc::new(Credulous)).await;
    let address = first.peer_addr().unwrap();
    let ask = async |path: &str, client: &str| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-For: {client}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    };
    // More than the share of one peer, which is 16.
    let mut held = Vec::new();
    for _ in 0..32 {
        held.push(ask("/slow", "10.0.0.1").await);
    }
    let refused = async {
        while !rest(&mut ask("/", "10.0.0.1").await).await.starts_with(b"HTTP/1.1 429") {
            sleep(SHORT / 10).await;
        }
    };
    timeout(TIMEOUT, refused).await.expect("no limit");
    assert!(rest(&mut ask("/", "10.0.0.2").await).await.starts_with(b"HTTP/1.1 200"));
    drop(held);
    let served = async {
        while !rest(&mut ask("/", "10.0.0.1").await).await.starts_with(b"HTTP/1.1 200") {
            sleep(SHORT / 10).await;
        }
    };
    timeout(TIMEOUT, served).await.expect("the limit does not end");
}
