//! Opens the listeners.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::time::{Instant, sleep};

/// Connections that the system holds until they are accepted: as many as Linux allows by default. A client that
/// finds no room tries again only after a second.
const BACKLOG: u32 = 4096;

/// What the system keeps of a response until the client reads it. Each connection inherits it. By default it may be
/// several megabytes, which clients that do not read would fill. The files of the card are smaller.
const SEND_BUFFER_BYTES: u32 = 256 * 1024;

const PAUSE: Duration = Duration::from_millis(50);

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Connections of a process that has just ended do not keep the address. On Windows the option
    // would share it with another process.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Tries again until `deadline` while the address is in use. The process that this one replaces may
/// be about to stop.
pub(crate) async fn listen(
    variable: &'static str,
    address: SocketAddr,
    deadline: Instant,
) -> io::Result<TcpListener> {
    let mut has_said = false;
    loop {
        match bind(address) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && Instant::now() < deadline => {
                if !has_said {
                    has_said = true;
                    let seconds = (deadline - Instant::now()).as_secs_f32().ceil();
                    tracing::warn!("{variable}: {address} is in use; trying again for {seconds} s");
                }
                sleep(PAUSE).await;
            }
            result => return result,
        }
    }
}
