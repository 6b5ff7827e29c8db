//! A real Redis for tests.

#[path = "../../tests/api/support/free_port.rs"]
mod free_port;

use super::RedisLink;
use free_port::free_port;
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server of its own. It is killed when it is dropped.
pub(crate) struct Redis {
    child: Child,
    port: u16,
    _directory: tempfile::TempDir,
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Redis {
    /// `None` where Debian's package is not installed.
    pub(crate) fn start() -> Option<Self> {
        let port = free_port();
        let directory = tempfile::tempdir().unwrap();
        // Debian's package of tools has the server under this name; by its own it serves.
        let mut command = Command::new("redis-check-rdb");
        command.arg0("redis-server").args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        let child = command.arg("--dir").arg(directory.path()).stdout(Stdio::null()).spawn();
        let Ok(child) = child else {
            eprintln!("SKIPPED: Redis is not installed");
            return None;
        };
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < end, "Redis does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(Self { child, port, _directory: directory })
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn link(&self) -> RedisLink {
        RedisLink::new(&self.url().into()).unwrap()
    }
}
