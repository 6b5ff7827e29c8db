//! Redis and nginx, started from Debian's packages in a directory of their own.

use crate::free_port::free_port;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Whether all of these programs are installed. Says which are not.
pub(crate) fn are_installed(programs: &[&str]) -> bool {
    let is_missing = |program: &&&str| {
        let output = Command::new(program).arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status();
        output.is_err()
    };
    let missing: Vec<_> = programs.iter().filter(is_missing).collect();
    if !missing.is_empty() {
        eprintln!("SKIPPED: not installed: {missing:?}");
    }
    missing.is_empty()
}

/// A program that serves a port. It is killed when it is dropped.
pub(crate) struct Service {
    child: Child,
    port: u16,
    directory: Arc<TempDir>,
}

impl Service {
    fn start(mut command: Command, port: u16, directory: Arc<TempDir>) -> Self {
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let service = Self { child, port, directory };
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < end, "nothing listens on port {port}");
            std::thread::sleep(Duration::from_millis(20));
        }
        service
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// Has nginx send what comes next to other ports, as a rollout does.
    pub(crate) fn balance_between(&self, ports: &[u16]) {
        configure_nginx(self.directory.path(), self.port, ports);
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", "HUP", &id]).status().unwrap().success());
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts a Redis again that was killed, with what it had been told.
    pub(crate) fn restart_redis(self) -> Self {
        let (port, directory) = (self.port, self.directory.clone());
        drop(self);
        redis_in(directory, port)
    }
}

impl Drop for Service {
    /// Asks it to end first: the worker of an nginx that is killed lives on.
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-s", "TERM", &self.child.id().to_string()]).status();
        let end = Instant::now() + Duration::from_secs(5);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Debian's package of tools has the server as well, under another name; by its own it serves.
pub(crate) const REDIS: &str = "redis-check-rdb";

pub(crate) fn redis(port: u16) -> Service {
    redis_in(Arc::new(tempfile::tempdir().unwrap()), port)
}

fn redis_in(directory: Arc<TempDir>, port: u16) -> Service {
    let mut command = Command::new(REDIS);
    command.arg0("redis-server");
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"]);
    command.arg("--dir").arg(directory.path());
    Service::start(command, port, directory)
}

/// A balancer in front of these ports, which tries the next one where one cannot be reached.
pub(crate) fn nginx(ports: &[u16]) -> Service {
    let (directory, port) = (Arc::new(tempfile::tempdir().unwrap()), free_port());
    let file = configure_nginx(directory.path(), port, ports);
    let mut command = Command::new("nginx");
    command.arg("-p").arg(directory.path()).arg("-c").arg(file).args(["-e", "stderr"]).stderr(Stdio::null());
    Service::start(command, port, directory)
}

fn configure_nginx(directory: &Path, port: u16, ports: &[u16]) -> PathBuf {
    let servers: String =
        ports.iter().map(|port| format!("server 127.0.0.1:{port} max_fails=0;\n")).collect();
    // The same user for all processes, so that the directory can be used by each of them.
    let user = if fs::metadata("/root").is_ok() && fs::read_dir("/root").is_ok() { "user root;" } else { "" };
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {}/{name};\n", directory.display()))
        .concat();
    let configuration = format!(
        "{user}\ndaemon off;\nmaster_process on;\nworker_processes 1;\npid {directory}/nginx.pid;\n\
         error_log {directory}/error.log;\nevents {{ worker_connections 1024; }}\n\
         http {{\naccess_log off;\n{temporary}\
         upstream proxies {{\n{servers}keepalive 32;\n}}\n\
         server {{\nlisten 127.0.0.1:{port};\nlocation / {{\nproxy_pass http://proxies;\n\
         proxy_http_version 1.1;\nproxy_set_header Connection \"\";\nproxy_set_header Host $http_host;\n\
         proxy_next_upstream error timeout;\nproxy_connect_timeout 1s;\n}}\n}}\n}}\n",
        directory = directory.display(),
    );
    let file = directory.join("nginx.conf");
    fs::write(&file, configuration).unwrap();
    file
}

/// Has a Redis do a command of words without spaces, and returns its answer.
pub(crate) fn command(port: u16, command: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    write!(stream, "{command}\r\n").unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    answer.trim_end().to_owned()
}

/// A way to a port that passes everything on after a delay. Both can be changed.
#[derive(Clone)]
pub(crate) struct SlowLink {
    pub(crate) port: u16,
    delay: Arc<AtomicU64>,
    target: Arc<AtomicU16>,
}

impl SlowLink {
    pub(crate) async fn to(target: u16) -> Self {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let link = Self { port, delay: Arc::default(), target: Arc::new(target.into()) };
        let (delay, target) = (link.delay.clone(), link.target.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let target = SocketAddr::from((Ipv4Addr::LOCALHOST, target.load(Ordering::Relaxed)));
                let Ok(server) = tokio::net::TcpStream::connect(target).await else { continue };
                let ((from_client, to_client), (from_server, to_server)) =
                    (client.into_split(), server.into_split());
                tokio::spawn(pass_on(from_client, to_server, delay.clone()));
                tokio::spawn(pass_on(from_server, to_client, Arc::default()));
            }
        });
        link
    }

    /// Leads new connections to another port. Those that are open stay where they are.
    pub(crate) fn lead_to(&self, target: u16) {
        self.target.store(target, Ordering::Relaxed);
    }

    pub(crate) fn set_delay(&self, delay: Duration) {
        self.delay.store(delay.as_millis().try_into().unwrap(), Ordering::Relaxed);
    }
}

async fn pass_on(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    delay: Arc<AtomicU64>,
) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        tokio::time::sleep(Duration::from_millis(delay.load(Ordering::Relaxed))).await;
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
