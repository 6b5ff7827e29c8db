//! Requests that no HTTP client would send.

use super::TIMEOUT;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Sends bytes, and returns what the server sends until it closes the connection.
pub(crate) async fn send_raw(url: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut response = Vec::new();
    // The server may also reset the connection, which is an error here.
    let _ = timeout(TIMEOUT, stream.read_to_end(&mut response)).await.expect("the connection was left open");
    String::from_utf8_lossy(&response).into_owned()
}
