//! A partner behind TLS, and an HTTP proxy in front of it that opens tunnels.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tempfile::NamedTempFile;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

pub(crate) const TOKEN: &str = "t0ken-inside-tls";

/// Certificates for these names, and the file that has clients trust them.
pub(crate) struct Certificates {
    acceptor: TlsAcceptor,
    root: NamedTempFile,
}

impl Certificates {
    pub(crate) fn new(names: &[&str]) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let root = NamedTempFile::new().unwrap();
        std::fs::write(root.path(), issuer.pem()).unwrap();
        Self { acceptor: TlsAcceptor::from(Arc::new(config)), root }
    }

    /// For `SSL_CERT_FILE`.
    pub(crate) fn root(&self) -> &str {
        self.root.path().to_str().unwrap()
    }
}

/// The heads of requests, in the order in which they came.
pub(crate) type Heads = Arc<Mutex<Vec<String>>>;

/// A partner that answers every request for a token or a balance.
pub(crate) async fn spawn_partner(certificates: &Certificates) -> (SocketAddr, Heads) {
    let (listener, heads) = (bind().await, Heads::default());
    let (address, acceptor, seen) =
        (listener.local_addr().unwrap(), certificates.acceptor.clone(), heads.clone());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, seen) = (acceptor.clone(), seen.clone());
            tokio::spawn(async move { answer(acceptor.accept(stream).await?, &seen).await });
        }
    });
    (address, heads)
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, heads: &Heads) -> io::Result<()> {
    loop {
        let head = read_head(&mut stream).await?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut form = vec![0; length.unwrap_or(0)];
        stream.read_exact(&mut form).await?;
        let data = if head.starts_with("POST /v2/token ") {
            format!(r#"{{"token_type":"Bearer","expires_in":86400,"access_token":"{TOKEN}"}}"#)
        } else {
            r#"{"balances":{"name":"balance","availableBalance":{"amount":225.35,"currency":"USD"}}}"#
                .to_owned()
        };
        heads.lock().unwrap().push(head);
        let body = format!(r#"{{"data":{data},"meta":{{"message":"success"}}}}"#);
        let response = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(response.as_bytes()).await?;
    }
}

/// What a proxy has seen: the requests for tunnels, and every byte sent through them to the partner.
#[derive(Clone, Default)]
pub(crate) struct Tunnels {
    pub(crate) heads: Heads,
    pub(crate) bytes: Arc<Mutex<Vec<u8>>>,
}

/// A proxy whose tunnels all lead to `target`, whatever their name. It is reached through TLS if
/// there are certificates, and refuses requests whose head lacks `required`.
pub(crate) async fn spawn_tunnels(
    target: SocketAddr,
    certificates: Option<&Certificates>,
    required: &'static str,
) -> (SocketAddr, Tunnels) {
    let (listener, tunnels) = (bind().await, Tunnels::default());
    let address = listener.local_addr().unwrap();
    let (acceptor, seen) = (certificates.map(|it| it.acceptor.clone()), tunnels.clone());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, seen) = (acceptor.clone(), seen.clone());
            tokio::spawn(async move {
                match acceptor {
                    Some(acceptor) => tunnel(acceptor.accept(stream).await?, target, &seen, required).await,
                    None => tunnel(stream, target, &seen, required).await,
                }
            });
        }
    });
    (address, tunnels)
}

async fn tunnel(
    mut client: impl AsyncRead + AsyncWrite + Unpin,
    target: SocketAddr,
    seen: &Tunnels,
    required: &str,
) -> io::Result<()> {
    let head = read_head(&mut client).await?;
    let is_allowed = head.starts_with("CONNECT ") && head.contains(required);
    seen.heads.lock().unwrap().push(head);
    if !is_allowed {
        let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
        return client.write_all(refusal.as_bytes()).await;
    }
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    let (from_client, mut to_client) = tokio::io::split(client);
    let (mut from_target, mut to_target) = TcpStream::connect(target).await?.into_split();
    let record = async {
        let mut from_client = from_client;
        let mut buffer = [0; 4096];
        loop {
            let count = from_client.read(&mut buffer).await?;
            if count == 0 {
                return to_target.shutdown().await;
            }
            seen.bytes.lock().unwrap().extend_from_slice(&buffer[..count]);
            to_target.write_all(&buffer[..count]).await?;
        }
    };
    tokio::try_join!(record, tokio::io::copy(&mut from_target, &mut to_client)).map(drop)
}

/// The lines up to the empty one. A connection that ends before is an error.
async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

async fn bind() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}
