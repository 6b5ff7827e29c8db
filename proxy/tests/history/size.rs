use crate::file::World;
use crate::process::ProxyProcess;
use reqwest::Client;
use std::fmt::Write;
use std::time::{Duration, Instant};

const DAYS: i64 = 400;

/// A busy year: a sample every quarter of an hour, each minute for the last 35 days, and two top-ups
/// a month.
fn year() -> String {
    let mut text = "time,amount,currency\n".to_owned();
    let now = jiff::Timestamp::now().as_second();
    let (mut at, mut cents, mut line) = (now - DAYS * 86_400 + 3_600, 500_000_i64, 0);
    while at < now {
        at += if at < now - 35 * 86_400 { 900 } else { 60 };
        line += 1;
        cents += if at % (15 * 86_400) < 60 { 400_000 } else { -(line * 7_919 % 57) };
        let time = jiff::Timestamp::from_second(at).unwrap();
        writeln!(text, "{time},{}.{:02},USD", cents / 100, cents.abs() % 100).unwrap();
    }
    text
}

/// The median time of an answer, and its size.
async fn measure(client: &Client, url: &str) -> (Duration, usize) {
    let mut times = Vec::new();
    let mut size = 0;
    for _ in 0..200 {
        let start = Instant::now();
        let response = client.get(url).header("X-Airalo-Widget", "1").send().await.unwrap();
        assert_eq!(response.status(), 200);
        size = response.bytes().await.unwrap().len();
        times.push(start.elapsed());
    }
    times.sort_unstable();
    (times[times.len() / 2], size)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_of_400_days_is_less_than_32_kb() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::new(directory.path()).await;
    let csv = directory.path().join("year.csv");
    std::fs::write(&csv, year()).unwrap();
    let imported = world.command(&["history", "import", csv.to_str().unwrap()]).status().unwrap();
    assert!(imported.success());

    let start = Instant::now();
    let mut process: ProxyProcess = world.start();
    let url = process.url();
    let started = start.elapsed();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    let start = Instant::now();
    let ready =
        client.get(format!("{url}/api/balance/history?days=400")).header("X-Airalo-Widget", "1").send();
    assert_eq!(ready.await.unwrap().status(), 200);
    let first = start.elapsed();
    let (balance, _) = measure(&client, &format!("{url}/api/balance")).await;
    let (history, size) = measure(&client, &format!("{url}/api/balance/history?days=400")).await;
    eprintln!(
        "{} samples: started in {started:?}, the first answer in {first:?}; 400 days are {size} bytes in {history:?}, \
         the balance comes in {balance:?}",
        world.committed().len()
    );
    assert!(size < 32 << 10, "{size}");
}
