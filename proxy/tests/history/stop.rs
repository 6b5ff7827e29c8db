use crate::file::World;
use crate::wait::wait_until;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_was_stopped_leaves_one_file_that_can_be_copied() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::new(directory.path()).await;
    let process = world.start();
    wait_until("five samples are recorded", async || world.committed().len() >= 5).await;
    let seen = world.committed();
    process.stop();
    let copy = World { file: directory.path().join("copy.db"), sandbox: world.sandbox };
    std::fs::copy(&world.file, &copy.file).unwrap();
    let kept = copy.committed();
    assert!(
        kept.len() >= 5 && seen.keys().all(|at| kept.contains_key(at)),
        "{} of {}",
        kept.len(),
        seen.len()
    );
    let files = std::fs::read_dir(directory.path()).unwrap();
    let names: Vec<_> = files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!names.iter().any(|name| name.starts_with("history.db-")), "{names:?}");
}
