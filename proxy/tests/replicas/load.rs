//! Readers that go on reading, and what they saw.

use reqwest::Client;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

const READERS: usize = 10;

/// Readers that ask again and again.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    readers: Vec<JoinHandle<Vec<Read>>>,
}

/// One read: when it ended, how long it took, and its status or error.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) ended: Instant,
    pub(crate) time: Duration,
    pub(crate) result: Result<u16, String>,
}

impl Load {
    pub(crate) fn start(urls: &[String]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let readers = (0..READERS).map(|reader| {
            let (stop, url) = (stop.clone(), format!("{}/api/balance", urls[reader % urls.len()]));
            tokio::spawn(async move {
                let (client, mut reads) = (client(), Vec::new());
                while !stop.load(Ordering::Relaxed) {
                    reads.push(read(&client, &url).await);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                reads
            })
        });
        Self { readers: readers.collect(), stop }
    }

    pub(crate) async fn stop(self) -> Vec<Read> {
        self.stop.store(true, Ordering::Relaxed);
        let mut reads = Vec::new();
        for reader in self.readers {
            reads.extend(reader.await.unwrap());
        }
        reads.sort_by_key(|read| read.ended);
        reads
    }
}

/// Keeps no connection: a balancer that is told of new replicas closes those that it has, whatever
/// is on its way.
pub(crate) fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().timeout(Duration::from_secs(30)).tls_certs_only([]);
    client.pool_max_idle_per_host(0).build().unwrap()
}

pub(crate) async fn read(client: &Client, url: &str) -> Read {
    let start = Instant::now();
    let result = client.get(url).header("X-Airalo-Widget", "1").send().await;
    let result = result.map(|response| response.status().as_u16()).map_err(|error| format!("{error:?}"));
    Read { ended: Instant::now(), time: start.elapsed(), result }
}

/// The reads after the first one that was answered.
pub(crate) fn after_the_first_answer(reads: &[Read]) -> &[Read] {
    let first = reads.iter().position(|read| read.result == Ok(200)).unwrap_or(reads.len());
    &reads[first..]
}

pub(crate) fn failed(reads: &[Read]) -> Vec<&Read> {
    reads.iter().filter(|read| read.result != Ok(200)).collect()
}

/// The time within which this part of the reads was answered.
pub(crate) fn quantile(reads: &[Read], part: f64) -> Duration {
    let mut times: Vec<_> = reads.iter().map(|read| read.time).collect();
    times.sort_unstable();
    times[((times.len() - 1) as f64 * part) as usize]
}
