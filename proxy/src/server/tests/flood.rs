//! More connections than there is room for, all at once.

use super::*;
use tokio::runtime::Handle;

/// Trusts nobody. Notes the most connections that had not yet ended when another was accepted.
#[derive(Debug, Default)]
struct Counting {
    most: AtomicUsize,
}

impl Clients for Counting {
    fn is_trusted_proxy(&self, _peer: IpAddr) -> bool {
        self.most.fetch_max(Handle::current().metrics().num_alive_tasks(), Ordering::Relaxed);
        false
    }

    fn client(&self, _headers: &HeaderMap, peer: IpAddr) -> IpAddr {
        peer
    }
}

/// With one thread no connection ends while others are accepted.
#[tokio::test]
async fn closed_connections_are_gone_before_many_others_are_accepted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    for _ in 0..100 {
        waiting.push(TcpStream::connect(address).await.unwrap());
    }
    let clients = Arc::new(Counting::default());
    let (_stage, stages) = watch::channel(Stage::Running);
    let options =
        Options { limits: Limits::of_total(8), deadlines: LONG_DEADLINES, clients: clients.clone() };
    tokio::spawn(serve(listener, greeting(), options, stages));
    for stream in waiting.iter_mut().take(90) {
        assert!(rest(stream).await.is_empty());
    }
    let most = clients.most.load(Ordering::Relaxed);
    // The server is a task, too.
    assert!(most <= 8 + MAX_CLOSING + 1, "{most}");
}
