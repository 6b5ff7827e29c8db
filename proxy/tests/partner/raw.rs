//! A partner on a bare socket, for what no HTTP library would send.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const TOKEN: &str =
    r#"{"data":{"token_type":"Bearer","expires_in":86400,"access_token":"t"},"meta":{"message":"success"}}"#;
pub(crate) const BALANCE: &str = r#"{"data":{"balances":{"name":"balance","availableBalance":{"amount":225.35,"currency":"USD"}}},"meta":{"message":"success"}}"#;

/// How requests are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// One byte every 200 ms.
    Trickle(&'static str),
    /// A beginning, and then these bytes for ever.
    Endless(&'static str, &'static str),
    /// These bytes, and then the end of the connection.
    Once(&'static str),
    /// As documented; but a connection that is used for a second request is closed instead.
    CloseAtReuse,
}

/// What has been counted.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Connections whose last byte could be sent, or that the proxy has closed.
    pub(crate) finished: AtomicUsize,
    /// Bytes of endless answers that the proxy has accepted.
    pub(crate) bytes: AtomicUsize,
    /// Answered requests for a balance.
    pub(crate) balances: AtomicUsize,
}

/// Starts a partner that answers requests for this path in this manner, and others as documented.
pub(crate) async fn spawn(path: &'static str, manner: Manner) -> (String, Arc<Counts>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (url, counts) = (format!("http://{}", listener.local_addr().unwrap()), Arc::<Counts>::default());
    let shared = counts.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let counts = shared.clone();
            tokio::spawn(async move {
                // An error means that the proxy has closed the connection.
                let _ = answer(stream, path, manner, &counts).await;
                counts.finished.fetch_add(1, Ordering::Relaxed);
            });
        }
    });
    (url, counts)
}

async fn answer(mut stream: TcpStream, path: &str, manner: Manner, counts: &Counts) -> io::Result<()> {
    for number in 1.. {
        let asked = read_request(&mut stream).await?;
        if asked == path {
            match manner {
                Manner::Trickle(text) => return trickle(&mut stream, text).await,
                Manner::Endless(start, more) => return endless(&mut stream, start, more, counts).await,
                Manner::Once(text) => return stream.write_all(text.as_bytes()).await,
                Manner::CloseAtReuse if number > 1 => return Ok(()),
                Manner::CloseAtReuse => {}
            }
        }
        let body = if asked == "/v2/token" { TOKEN } else { BALANCE };
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all((head + body).as_bytes()).await?;
        counts.balances.fetch_add(usize::from(asked != "/v2/token"), Ordering::Relaxed);
    }
    Ok(())
}

/// Reads a whole request and returns its path.
async fn read_request(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    stream.read_exact(&mut vec![0; length.unwrap_or(0)]).await?;
    Ok(head.split(' ').nth(1).unwrap_or_default().to_owned())
}

async fn trickle(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    stream.set_nodelay(true)?;
    for byte in text.bytes() {
        stream.write_u8(byte).await?;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

async fn endless(stream: &mut TcpStream, start: &str, more: &str, counts: &Counts) -> io::Result<()> {
    stream.write_all(start.as_bytes()).await?;
    let block = more.repeat(100);
    loop {
        stream.write_all(block.as_bytes()).await?;
        counts.bytes.fetch_add(block.len(), Ordering::Relaxed);
    }
}
