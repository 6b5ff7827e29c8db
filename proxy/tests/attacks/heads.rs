//! Oversized and malformed heads.

use crate::corpus::{self, Case};
use crate::support::{Target, attacker, connect_from, request, send, watch_during};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_head_of_the_corpus_is_refused_and_does_not_keep_others_waiting() {
    let target = Target::start(640).await;
    let address = target.address;
    let cases = corpus::refused(&address.to_string());
    assert!(cases.len() >= 200, "{}", cases.len());
    let failures = watch_during("the corpus of heads", &target, check_all(address, cases)).await;
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    let log = target.stop();
    assert_eq!(log.iter().find(|line| line.contains("ERROR")), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_for_another_host_is_refused() {
    let target = Target::start(640).await;
    let cases = corpus::for_other_hosts(&target.address.to_string());
    let failures = check_all(target.address, cases).await;
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    target.stop();
}

async fn check_all(address: SocketAddr, cases: Vec<Case>) -> Vec<String> {
    let mut tasks = tokio::task::JoinSet::new();
    let mut failures = Vec::new();
    for case in cases {
        if tasks.len() >= 24 {
            failures.extend(tasks.join_next().await.and_then(Result::unwrap));
        }
        tasks.spawn(check(address, case));
    }
    while let Some(failure) = tasks.join_next().await {
        failures.extend(failure.unwrap());
    }
    failures
}

/// Returns what is wrong with the answer: it has to be one with a status of 4xx, or none at all.
async fn check(target: SocketAddr, case: Case) -> Option<String> {
    let answer = answer(target, &case.bytes).await;
    let text = match answer {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => return Some(format!("{}: {error}", case.name)),
    };
    let answers = text.matches("HTTP/1.").count();
    let is_refused = text.is_empty() || text.starts_with("HTTP/1.1 4") || text.starts_with("HTTP/1.0 4");
    let first = text.lines().next().unwrap_or_default();
    (answers > 1 || !is_refused).then(|| format!("{}: {answers} answers, {first}", case.name))
}

/// All that comes back until the connection ends, or nothing more comes for a while.
async fn answer(target: SocketAddr, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let stream = connect_from(attacker(0), target).await.map_err(|error| error.to_string())?;
    let (mut reading, mut writing) = stream.into_split();
    let read = async {
        let mut response = Vec::new();
        loop {
            let patience =
                if response.is_empty() { Duration::from_secs(15) } else { Duration::from_millis(200) };
            match timeout(patience, reading.read_buf(&mut response)).await {
                Ok(Ok(0) | Err(_)) => return Ok(response),
                Ok(Ok(_)) => {}
                Err(_) if response.is_empty() => return Err("left open without an answer".to_owned()),
                Err(_) => return Ok(response),
            }
        }
    };
    let write = async {
        // The server may refuse to read the rest.
        let _ = writing.write_all(bytes).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = write => Err("the writer never ends".to_owned()),
        response = read => response,
    }
}

#[tokio::test]
async fn a_path_that_is_too_long_gets_a_problem() {
    let target = Target::start(640).await;
    let long = request(target.address, &format!("GET /{}", "x".repeat(9_000)), "Connection: close\r\n");
    let response = String::from_utf8(send(target.address, long.as_bytes()).await.unwrap()).unwrap();
    assert!(response.starts_with("HTTP/1.1 414"), "{response}");
    assert!(response.contains("application/problem+json"), "{response}");
    target.stop();
}

#[tokio::test]
async fn headers_that_look_like_those_of_a_proxy_mean_nothing() {
    let target = Target::start(640).await;
    for header in corpus::HARMLESS {
        let bytes = request(target.address, "GET /", &format!("Connection: close\r\n{header}\r\n"));
        let response = send(target.address, bytes.as_bytes()).await.unwrap();
        assert!(response.starts_with(b"HTTP/1.1 200"), "{header}: {}", String::from_utf8_lossy(&response));
    }
    target.stop();
}
