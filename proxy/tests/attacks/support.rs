//! The program under attack, its attackers, and a reader who means no harm.
//!
//! The same reader also asks a second program that nobody attacks. So a slow machine is told from a
//! slow program.

use crate::process::{ProxyProcess, proxy_command};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::{sleep, timeout};

/// No other reader waits longer, whatever goes on.
const LONGEST_READ: Duration = Duration::from_secs(1);

/// Larger than what the system buffers for a reader with a small window.
pub(crate) const LARGE_FILE: &str = "/airalo-balance_bg.wasm";

/// Attacks take turns, so that each of them has the machine for itself.
static TURN: Mutex<()> = Mutex::const_new(());

pub(crate) struct Target {
    pub(crate) process: ProxyProcess,
    pub(crate) address: SocketAddr,
    left_alone: SocketAddr,
    _left_alone: ProxyProcess,
    _assets: TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Target {
    /// With this many descriptors at most, as on a small machine.
    pub(crate) async fn start(descriptors: usize) -> Self {
        let turn = TURN.lock().await;
        let assets = tempfile::tempdir().unwrap();
        fs::write(assets.path().join("index.html"), "<!doctype html>").unwrap();
        fs::write(assets.path().join(&LARGE_FILE[1..]), vec![b'x'; 300_000]).unwrap();
        let start = |descriptors| {
            let mut process = ProxyProcess::start(limited(descriptors, assets.path()));
            let address = process.url().trim_start_matches("http://").parse().unwrap();
            (process, address)
        };
        let (process, address) = start(descriptors);
        let (_left_alone, left_alone) = start(1024);
        Self { process, address, left_alone, _left_alone, _assets: assets, _turn: turn }
    }

    /// Stops the program, which must not have panicked, and returns its log.
    pub(crate) fn stop(self) -> Vec<String> {
        let log = self.process.stop();
        assert_eq!(log.iter().find(|line| line.contains("panicked")), None);
        log
    }
}

fn limited(descriptors: usize, assets: &Path) -> Command {
    let assets = assets.to_str().unwrap();
    let program = proxy_command(
        &["--sandbox"],
        &[
            ("ASSETS_DIR", assets),
            ("SANDBOX_ORDER_EVERY", "0"),
            // Nobody reads the log meanwhile, so it must not have a line for each request.
            ("RUST_LOG", "warn,airalo_balance_proxy=info,airalo_balance_proxy::access=off"),
            // The reader asks more often than anybody may.
            ("RATE_LIMIT", "0"),
        ],
    );
    let mut command = Command::new("/bin/sh");
    let script = format!("ulimit -n {descriptors}; exec \"$0\" \"$@\"");
    command.arg("-c").arg(script).arg(program.get_program()).args(program.get_args()).env_clear();
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

/// A loopback address that is not the reader's.
pub(crate) fn attacker(number: usize) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(127, 0, 0, 3 + u8::try_from(number).unwrap()))
}

pub(crate) async fn connect_from(source: IpAddr, target: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    // A small window, so that what an attacker does not read stays with the program.
    socket.set_recv_buffer_size(4096)?;
    socket.bind(SocketAddr::new(source, 0))?;
    socket.connect(target).await
}

/// A request with the `Host` of the target.
pub(crate) fn request(target: SocketAddr, line: &str, headers: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: {target}\r\n{headers}\r\n")
}

/// Opens connections from several addresses, gives each the same bytes, and keeps them all open.
pub(crate) async fn hold(target: SocketAddr, count: usize, sources: usize, bytes: Vec<u8>) -> Vec<TcpStream> {
    let bytes = Arc::<[u8]>::from(bytes);
    hold_after(count, move |number| {
        let bytes = bytes.clone();
        async move {
            let stream = connect_from(attacker(number % sources), target).await.ok()?;
            // What does not fit now is never sent.
            let _ = stream.try_write(&bytes);
            // It is not a flood, which is another attack.
            sleep(Duration::from_millis(15)).await;
            Some(stream)
        }
    })
    .await
}

/// Opens connections that are idle after one request each.
pub(crate) async fn hold_kept(target: SocketAddr, count: usize, sources: usize) -> Vec<TcpStream> {
    hold_after(count, move |number| async move {
        let mut stream = connect_from(attacker(number % sources), target).await.ok()?;
        stream.write_all(request(target, "GET /nothing", "").as_bytes()).await.ok()?;
        let length = stream.read(&mut [0; 2000]).await.ok()?;
        (length > 0).then_some(stream)
    })
    .await
}

async fn hold_after<F>(count: usize, connect: impl Fn(usize) -> F + Clone + Send + 'static) -> Vec<TcpStream>
where
    F: Future<Output = Option<TcpStream>> + Send,
{
    const AT_ONCE: usize = 50;
    let worker = |worker: usize| {
        let connect = connect.clone();
        async move {
            let mut held = Vec::new();
            for number in (worker..count).step_by(AT_ONCE) {
                held.extend(timeout(Duration::from_secs(1), connect(number)).await.ok().flatten());
            }
            held
        }
    };
    let workers: Vec<_> = (0..AT_ONCE).map(|number| tokio::spawn(worker(number))).collect();
    let mut held = Vec::new();
    for worker in workers {
        held.extend(worker.await.unwrap());
    }
    held
}

/// Reads the balance every 50 ms until the attack is over, on a new connection and on a kept one.
pub(crate) async fn watch_during<T>(name: &str, target: &Target, attack: impl Future<Output = T>) -> T {
    // The balance is in the cache before the attack begins.
    for address in [target.address, target.left_alone] {
        read_once(address).await.expect("the reader is served before the attack");
    }
    let (stop, stopped) = tokio::sync::watch::channel(());
    let fresh = tokio::spawn(watch_fresh(target.address, stopped.clone()));
    let left_alone = tokio::spawn(watch_fresh(target.left_alone, stopped.clone()));
    let kept = tokio::spawn(watch_kept(target.address, stopped));
    let result = attack.await;
    drop(stop);
    let (fresh, kept, left_alone) = tokio::join!(fresh, kept, left_alone);
    let left_alone = left_alone.unwrap().unwrap_or(Duration::ZERO);
    println!(
        "{name}: {fresh:?} on a new connection, {kept:?} on a kept one, {left_alone:?} without an attack"
    );
    for slowest in [fresh, kept] {
        let slowest = slowest.unwrap().unwrap_or_else(|error| panic!("{name}: a read failed: {error}"));
        assert!(slowest < LONGEST_READ + left_alone, "{name}: a read took {slowest:?}");
    }
    result
}

type Stopped = tokio::sync::watch::Receiver<()>;
type Slowest = Result<Duration, String>;

async fn watch_fresh(target: SocketAddr, stopped: Stopped) -> Slowest {
    let mut slowest = Duration::ZERO;
    while stopped.has_changed().is_ok() {
        let start = Instant::now();
        read_once(target).await.map_err(|error| format!("{error} after {:?}", start.elapsed()))?;
        slowest = slowest.max(start.elapsed());
        sleep(Duration::from_millis(50)).await;
    }
    Ok(slowest)
}

async fn watch_kept(target: SocketAddr, stopped: Stopped) -> Slowest {
    let mut slowest = Duration::ZERO;
    let mut stream = connect_honestly(target).await?;
    while stopped.has_changed().is_ok() {
        let start = Instant::now();
        read_balance(&mut stream, target)
            .await
            .map_err(|error| format!("{error} after {:?}", start.elapsed()))?;
        slowest = slowest.max(start.elapsed());
        sleep(Duration::from_millis(50)).await;
    }
    Ok(slowest)
}

async fn read_once(target: SocketAddr) -> Result<(), String> {
    let mut stream = connect_honestly(target).await?;
    read_balance(&mut stream, target).await
}

async fn connect_honestly(target: SocketAddr) -> Result<TcpStream, String> {
    let connecting = connect_from(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)), target);
    match timeout(Duration::from_secs(5), connecting).await {
        Ok(stream) => stream.map_err(|error| error.to_string()),
        Err(_) => Err("no connection".to_owned()),
    }
}

async fn read_balance(stream: &mut TcpStream, target: SocketAddr) -> Result<(), String> {
    let request = request(target, "GET /api/balance", "X-Airalo-Widget: 1\r\n");
    let exchange = async {
        stream.write_all(request.as_bytes()).await?;
        let mut response = Vec::new();
        while !response.ends_with(b"}") {
            if stream.read_buf(&mut response).await? == 0 {
                break;
            }
        }
        std::io::Result::Ok(response)
    };
    let response = timeout(Duration::from_secs(5), exchange).await.map_err(|_| "no answer".to_owned())?;
    let response = response.map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&response);
    if text.starts_with("HTTP/1.1 200") { Ok(()) } else { Err(format!("answered {text:?}")) }
}

/// Sends a request as far as it is taken, and returns what comes back until the connection ends.
pub(crate) async fn send(target: SocketAddr, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let stream = connect_from(attacker(0), target).await.map_err(|error| error.to_string())?;
    let (mut reading, mut writing) = stream.into_split();
    let mut response = Vec::new();
    let exchange = async {
        // Either may be cut off by the server, which is an answer too.
        let write = async {
            let _ = writing.write_all(bytes).await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = write => {}
            _ = reading.read_to_end(&mut response) => {}
        }
    };
    timeout(Duration::from_secs(15), exchange).await.map_err(|_| "left open".to_owned())?;
    Ok(response)
}
