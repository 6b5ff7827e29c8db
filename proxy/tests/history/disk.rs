use crate::file::World;
use crate::process::ProxyProcess;
use crate::wait::wait_until;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A disk of its own, in memory. Unmounted when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where this user may not mount.
    fn mount(path: &Path) -> Option<Self> {
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=512k", "tmpfs"]).arg(path).status();
        mount.is_ok_and(|status| status.success()).then(|| Self(path.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

async fn balance(url: &str) -> (u16, serde_json::Value) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    let response = client.get(format!("{url}/api/balance/history?days=1")).header("X-Airalo-Widget", "1");
    let history = response.send().await.unwrap().json().await.unwrap();
    let response =
        client.get(format!("{url}/api/balance")).header("X-Airalo-Widget", "1").send().await.unwrap();
    (response.status().as_u16(), history)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_the_balance_goes_on_and_the_samples_are_written_when_there_is_room() {
    let directory = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(directory.path()) else {
        eprintln!("SKIPPED: only root may mount; history::tests has SQLite say that the disk is full");
        return;
    };
    let world = World::new(&disk.0).await;
    let mut process: ProxyProcess = world.start();
    let url = process.url();
    wait_until("the first sample is written", async || world.committed().len() == 1).await;

    // What fills a disk in the middle of the night.
    let rest = disk.0.join("rest");
    let _ = std::fs::write(&rest, vec![0; 1 << 20]);
    wait_until("a sample cannot be written", async || balance(&url).await.1["meta"]["incomplete"] == true)
        .await;
    let full = world.committed().len();
    let mut seen = Vec::new();
    wait_until("more samples are kept in memory", async || {
        let (status, history) = balance(&url).await;
        assert_eq!(status, 200);
        let points = history["data"]["points"].as_array().unwrap().iter();
        seen =
            points.map(|point| point["at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap()).collect();
        seen.len() > full + 2
    })
    .await;
    assert_eq!(world.committed().len(), full, "the disk is full");

    std::fs::remove_file(&rest).unwrap();
    wait_until("all samples are written", async || {
        let committed = world.committed();
        seen.iter().all(|at| committed.contains_key(&at.as_second()))
    })
    .await;
    wait_until("the answer says so", async || balance(&url).await.1["meta"].get("incomplete").is_none())
        .await;
    assert_eq!(world.integrity(), "ok");
    process.wait_for_line("the history is read and written again");
    let log = process.stop();
    let lines = |text: &str| log.iter().filter(|line| line.contains(text)).count();
    assert_eq!(
        lines("goes on in memory until it can be read and written: database or disk is full"),
        1,
        "{log:#?}"
    );
    assert_eq!(lines("the history is read and written again"), 1, "{log:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn started_on_a_full_disk_it_serves_the_balance_and_opens_the_file_when_there_is_room() {
    let directory = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(directory.path()) else {
        eprintln!("SKIPPED: only root may mount; database::tests has another process keep the file");
        return;
    };
    let world = World::new(&disk.0).await;
    let process = world.start();
    wait_until("a sample is written", async || !world.committed().is_empty()).await;
    process.stop();
    let before = world.committed();

    let rest = disk.0.join("rest");
    let _ = std::fs::write(&rest, vec![0; 1 << 20]);
    let mut process = world.start();
    let url = process.url();
    let mut seen = 0;
    wait_until("samples are kept in memory", async || {
        let (status, history) = balance(&url).await;
        assert_eq!(status, 200);
        assert_eq!(history["meta"]["incomplete"], true);
        seen = history["data"]["points"].as_array().unwrap().len();
        seen > 1
    })
    .await;

    std::fs::remove_file(&rest).unwrap();
    wait_until("all samples are written", async || world.committed().len() >= before.len() + seen).await;
    wait_until("the answer has them all", async || {
        let (_, history) = balance(&url).await;
        let points = history["data"]["points"].as_array().unwrap().len();
        history["meta"].get("incomplete").is_none() && points >= before.len() + seen
    })
    .await;
    assert_eq!(world.integrity(), "ok");
    let log = process.stop();
    let count = |text: &str| log.iter().filter(|line| line.contains(text)).count();
    assert_eq!(count("goes on in memory until it can be read and written: disk I/O error"), 1, "{log:#?}");
    assert_eq!(count("the history is read and written again"), 1, "{log:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_damaged_file_the_balance_is_served_and_the_history_is_incomplete() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::new(directory.path()).await;
    let process = world.start();
    wait_until("a sample is written", async || !world.committed().is_empty()).await;
    process.stop();
    let mut bytes = std::fs::read(&world.file).unwrap();
    // The header is whole, so this is a database, and nothing behind it is.
    bytes[100..].fill(0xa5);
    std::fs::write(&world.file, bytes).unwrap();

    let mut process = world.start();
    let url = process.url();
    let (status, history) = balance(&url).await;
    assert_eq!((status, &history["meta"]["incomplete"]), (200, &serde_json::Value::Bool(true)));
    let log = process.stop();
    let line = "goes on in memory until it can be read and written: database disk image is malformed";
    assert_eq!(log.iter().filter(|found| found.contains(line)).count(), 1, "{log:#?}");
}
