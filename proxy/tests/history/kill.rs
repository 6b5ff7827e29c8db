use crate::file::World;
use crate::wait::wait_until;
use std::fmt::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const KILLS: usize = 100;

/// So that a hundred of them end on any machine.
const LONGEST_RUN: Duration = Duration::from_secs(1);

/// What an import adds: all of it or nothing.
const IMPORTED: usize = 2_000;

/// Samples an hour apart, before everything that is recorded here.
fn write_import(world: &World, index: usize) -> String {
    let mut text = "time,amount,currency\n".to_owned();
    let start = jiff::Timestamp::now().as_second() - 300 * 86_400 + i64::try_from(index).unwrap();
    for line in 0..IMPORTED {
        let at = jiff::Timestamp::from_second(start + 3_600 * i64::try_from(line).unwrap()).unwrap();
        writeln!(text, "{at},{line},USD").unwrap();
    }
    let file = world.file.with_file_name(format!("{index}.csv"));
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_100_random_moments_it_loses_no_committed_sample_and_tears_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let world = World::new(directory.path()).await;
    let seed = fastrand::u64(..);
    eprintln!("the seed of the random moments is {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    // How long it takes a process to start and to record its first reading.
    let start = Instant::now();
    let first = world.start();
    wait_until("the first sample is recorded", async || !world.committed().is_empty()).await;
    let longest_run = (2 * start.elapsed()).min(LONGEST_RUN);
    drop(first);
    let (mut committed, mut imports) = (world.committed(), 0);
    for index in 0..KILLS {
        // Of four kills one is that of an import, and three are those of the proxy.
        let run = longest_run.mul_f64(random.f64());
        if index % 4 == 0 {
            let file = write_import(&world, index);
            let mut command = world.command(&["history", "import", &file]);
            let mut import = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            sleep(run).await;
            import.kill().unwrap();
            import.wait().unwrap();
        } else {
            let process = world.start();
            sleep(run).await;
            let seen = world.committed();
            assert!(committed.keys().all(|at| seen.contains_key(at)), "a sample was lost while it ran");
            committed = seen;
            // Dropping it is `kill -9`.
            drop(process);
        }
        assert_eq!(world.integrity(), "ok", "after kill {index}");
        let left = world.committed();
        assert!(committed.keys().all(|at| left.contains_key(at)), "a sample was lost by kill {index}");
        if index % 4 == 0 {
            let new = left.len() - committed.len();
            assert!(new == 0 || new == IMPORTED, "kill {index} left {new} lines of an import");
            imports += usize::from(new > 0);
        }
        committed = left;
    }
    let recorded = committed.len() - imports * IMPORTED;
    eprintln!("{recorded} samples were recorded before kills, and {imports} imports came through");
    assert!(recorded > 10 && imports > 0, "hardly anything was recorded");

    // And the next process goes on.
    let last = *committed.keys().last().unwrap();
    let _process = world.start();
    wait_until("a new sample is recorded", async || world.committed().keys().any(|at| *at > last)).await;
}
