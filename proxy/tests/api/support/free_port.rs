//! Ports for servers that are started later, or stopped and started again.

use std::net::{Ipv4Addr, TcpStream};
use std::process;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the ports that systems give to whoever asks for any one, and to clients: a port of those would be
/// taken by another test while its server is not running.
const FIRST: u16 = 12_000;
const COUNT: u16 = 20_000;

static NEXT: AtomicU16 = AtomicU16::new(0);

/// A port that is free, and that no other call returns for a long time.
pub(crate) fn free_port() -> u16 {
    let start = (process::id() % 200) as u16 * 100;
    loop {
        let port = FIRST + (start + NEXT.fetch_add(1, Ordering::Relaxed) % COUNT) % COUNT;
        // A listener of our own would be a worse question: a program that another test starts at this moment
        // holds a copy of it for a while, and the port is not free.
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            return port;
        }
    }
}
