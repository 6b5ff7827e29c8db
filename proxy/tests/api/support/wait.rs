//! Waits for what happens in other tasks and processes.

use std::time::Duration;

/// Only a test that fails waits to the end.
const LONGEST: Duration = Duration::from_secs(120);

/// Waits until a condition is true, however slow the machine is.
pub(crate) async fn wait_until<F: AsyncFnMut() -> bool>(what: &str, mut condition: F) {
    let wait = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(LONGEST, wait).await.is_ok(), "never happened: {what}");
}
