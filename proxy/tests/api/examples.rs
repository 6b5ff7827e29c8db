//! The examples for operators, as far as one machine without root can try them.

use crate::support::{ProxyProcess, built_card, get_balance, http_client, proxy_command};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name);
    fs::read_to_string(path).unwrap()
}

/// The files that the unit and its drop-in name: credentials, and the directory of the service.
fn installed() -> TempDir {
    let directory = built_card();
    fs::write(directory.path().join("client-id"), "sandbox\n").unwrap();
    fs::write(directory.path().join("client-secret"), "sandbox\n").unwrap();
    directory
}

/// What systemd would give to the service with the drop-in, with the paths of this machine and free
/// ports.
fn unit_variables(directory: &TempDir) -> Vec<(String, String)> {
    let path = directory.path().to_str().unwrap();
    let [unit, drop_in, file] =
        ["airalo-balance-proxy.service", "credentials.conf", "airalo-balance-proxy.env"]
            .map(|name| example(&format!("systemd/{name}")));
    let lines = unit.lines().chain(drop_in.lines()).filter_map(|line| line.strip_prefix("Environment="));
    let lines = lines.chain(file.lines().filter(|line| !line.starts_with('#')));
    let variables = lines.filter_map(|line| line.split_once('=')).map(|(name, value)| {
        let value = value.replace("/var/lib/airalo-balance", path);
        let value = value.replace("/run/credentials/airalo-balance-proxy.service", path);
        (name.to_owned(), value.replace(":8080", ":0"))
    });
    let mut variables: Vec<_> = variables.collect();
    // Tests compile no card into the program.
    variables.push(("ASSETS_DIR".to_owned(), path.to_owned()));
    variables
}

fn borrowed(variables: &[(String, String)]) -> Vec<(&str, &str)> {
    variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[cfg(unix)]
#[tokio::test]
async fn with_the_variables_of_the_systemd_unit_the_proxy_starts_reloads_and_stops() {
    let directory = installed();
    let variables = unit_variables(&directory);
    assert!(variables.len() >= 7, "{variables:?}");

    let check = proxy_command(&["--check"], &borrowed(&variables)).output().unwrap();
    assert!(check.status.success(), "{check:?}");

    let mut process = ProxyProcess::start(proxy_command(&[], &borrowed(&variables)));
    let url = process.url();
    let page = http_client().get(&url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(directory.path().join("history.db").exists());
    // What ExecReload does.
    assert!(Command::new("kill").args(["-HUP", &process.id().to_string()]).status().unwrap().success());
    process.wait_for_line("serving the files of");
    process.stop();
}

/// Runs `systemd-analyze` on the unit, with a program that is there in place of the installed one.
fn analyze(arguments: &[&str]) -> Option<Output> {
    // Older ones know neither the directory of credentials nor how to analyze a file.
    if systemd_version().is_none_or(|version| version < 250) {
        eprintln!("skipped: this machine has no systemd-analyze of version 250 or newer");
        return None;
    }
    let directory = tempfile::tempdir().unwrap();
    let path: PathBuf = directory.path().join("airalo-balance-proxy.service");
    // systemd looks for the program where it is installed; `verify` wants to see it.
    let program = concat!("=", env!("CARGO_BIN_EXE_airalo-balance-proxy"));
    let unit = example("systemd/airalo-balance-proxy.service").replace("=airalo-balance-proxy", program);
    fs::write(&path, unit).unwrap();
    let drop_ins = directory.path().join("airalo-balance-proxy.service.d");
    fs::create_dir(&drop_ins).unwrap();
    fs::write(drop_ins.join("credentials.conf"), example("systemd/credentials.conf")).unwrap();
    Command::new("systemd-analyze").args(arguments).arg(&path).output().ok()
}

fn systemd_version() -> Option<u32> {
    let output = Command::new("systemd-analyze").arg("--version").output().ok()?;
    String::from_utf8_lossy(&output.stdout).split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn systemd_understands_every_line_of_the_unit() {
    let Some(output) = analyze(&["verify", "--man=no"]) else { return };
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let about_ours: Vec<_> = said.lines().filter(|line| line.contains("airalo-balance-proxy")).collect();
    assert!(output.status.success() && about_ours.is_empty(), "{said}");
}

#[test]
fn systemd_finds_the_unit_as_closed_as_a_network_service_can_be() {
    // In tenths; 100 is a unit without any restriction.
    let Some(output) = analyze(&["security", "--offline=yes", "--threshold=15", "--no-pager"]) else {
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// The image itself is tried in `tests/programs`; here its variables are, on every system.
#[cfg(unix)]
#[tokio::test]
async fn the_container_has_a_user_without_rights_and_variables_that_the_proxy_starts_with() {
    let (file, directory) = (example("container/Containerfile"), installed());
    let (_, last_stage) = file.split_once("\nFROM scratch\n").unwrap();
    assert!(last_stage.contains("\nUSER 65534:65534\n") && last_stage.contains("ca-certificates"), "{file}");

    let path = directory.path().to_str().unwrap();
    let environment = last_stage.split("\nENV ").nth(1).unwrap();
    let words = environment.split("\n#").next().unwrap().split_whitespace();
    let variables = words.filter_map(|word| word.split_once('=')).map(|(name, value)| {
        let value = value.replace("/var/lib/airalo-balance", path);
        (name.to_owned(), value.replace(":8080", ":0").replace(":9090", ":0"))
    });
    let mut variables: Vec<_> = variables.collect();
    assert_eq!(variables.len(), 4, "{environment}");
    variables.push(("ASSETS_DIR".to_owned(), path.to_owned()));
    for name in ["AIRALO_CLIENT_ID", "AIRALO_CLIENT_SECRET"] {
        variables.push((name.to_owned(), "sandbox".to_owned()));
    }
    let without_readers = proxy_command(&["--check"], &borrowed(&variables)).output().unwrap();
    assert!(!without_readers.status.success(), "it started without an answer to who may ask");

    variables.push(("ALLOW_ANONYMOUS".to_owned(), "1".to_owned()));
    variables.push(("ALLOWED_HOSTS".to_owned(), "127.0.0.1,localhost".to_owned()));
    // A closed port of this machine takes Airalo's place.
    variables.push(("AIRALO_BASE_URL".to_owned(), "http://127.0.0.1:1".to_owned()));
    let check = proxy_command(&["--check"], &borrowed(&variables)).output().unwrap();
    assert!(check.status.success(), "{check:?}");
    // The tests stay on the loopback address.
    variables.push(("LISTEN".to_owned(), "127.0.0.1:0".to_owned()));
    variables.push(("ADMIN_LISTEN".to_owned(), "127.0.0.1:0".to_owned()));
    let mut process = ProxyProcess::start(proxy_command(&[], &borrowed(&variables)));
    let url = process.url();
    assert_eq!(get_balance(&http_client(), &url).await.status(), 502);
    process.stop();
}
