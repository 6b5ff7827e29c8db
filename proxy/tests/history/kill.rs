use crate::file::{World, wait_until};
use std::fmt::Write;
use std::process::Stdio;
use std::time::Duration;
use tokio::time::sleep;

const KILLS: usize = 100;

/// Longer than it takes a process to start and to record its first reading.
const LONGEST_RUN: u64 = 250;

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
    let (mut committed, mut recorded, mut imports) = (world.committed(), 0, 0);
    for index in 0..KILLS {
        // Of four kills one is that of an import, and three are those of the proxy.
        let run = Duration::from_millis(random.u64(..LONGEST_RUN));
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
        let new = left.len() - committed.len();
        if index % 4 == 0 {
            assert!(new == 0 || new == IMPORTED, "kill {index} left {new} lines of an import");
            imports += usize::from(new > 0);
        } else {
            recorded += new;
        }
        committed = left;
    }
    eprintln!("{recorded} samples were recorded between kills, and {imports} imports came through");
    assert!(committed.len() > imports * IMPORTED + 10, "hardly anything was recorded");

    // And the next process goes on.
    let last = *committed.keys().last().unwrap();
    let _process = world.start();
    wait_until("a new sample is recorded", async || world.committed().keys().any(|at| *at > last)).await;
}
