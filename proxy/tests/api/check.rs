//! `--check`: what a configuration amounts to.

use crate::support::{ProxyProcess, built_card, proxy_command};
use std::fs;

fn check(arguments: &[&str], variables: &[(&str, &str)]) -> (bool, String) {
    let output = proxy_command(arguments, variables).arg("--check").output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn it_says_what_the_configuration_amounts_to_and_no_value_of_a_secret() {
    let directory = built_card();
    let secret = directory.path().join("secret");
    fs::write(&secret, "hunter2\n").unwrap();
    let (is_good, text) = check(
        &[],
        &[
            ("AIRALO_CLIENT_ID", "hunter1"),
            ("AIRALO_CLIENT_SECRET_FILE", secret.to_str().unwrap()),
            // Nobody listens there: a request would fail.
            ("AIRALO_BASE_URL", "http://127.0.0.1:1"),
            ("ADMIN_LISTEN", "127.0.0.1:9"),
            ("ASSETS_DIR", directory.path().to_str().unwrap()),
        ],
    );
    assert!(is_good, "{text}");
    for part in [
        "from 127.0.0.1, asked at most every 60 s; kept for 3600 s",
        "client id from the variable AIRALO_CLIENT_ID, secret from the file in AIRALO_CLIENT_SECRET_FILE",
        "http://127.0.0.1:0/ has the card and its balance; http://127.0.0.1:9/ has health and metrics",
        "programs and browsers on this machine",
        "for localhost 127.0.0.1 [::1]; ALLOWED_ORIGINS is not set; ALLOWED_FRAMES is not set",
        "the build card/0123456789abcdef",
        "one: token and balance are kept in this process",
        "none: neither HISTORY nor REDIS_URL is set",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    assert!(!text.contains("hunter"), "{text}");
}

#[test]
fn it_fails_where_the_proxy_could_not_start_or_would_have_no_card() {
    let (is_good, text) = check(&[], &[]);
    assert!(!is_good && text.contains("AIRALO_CLIENT_ID is missing"), "{text}");

    let empty = tempfile::tempdir().unwrap();
    let (is_good, text) = check(&["--sandbox"], &[("ASSETS_DIR", empty.path().to_str().unwrap())]);
    assert!(!is_good && text.contains("no build of the card"), "{text}");
}

#[test]
fn without_a_directory_for_the_card_the_balance_alone_is_a_good_configuration() {
    let (is_good, text) = check(&["--sandbox"], &[("ASSETS_DIR", "no-such-directory")]);
    assert!(is_good && text.contains("is not there; the balance is served all the same"), "{text}");
}

#[test]
fn it_says_where_the_history_is_kept_and_makes_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("history.db");
    let assets = ("ASSETS_DIR", "no-such-directory");
    let (is_good, text) = check(&["--sandbox"], &[assets, ("HISTORY", file.to_str().unwrap())]);
    assert!(is_good && text.contains("for 400 days, in HISTORY ("), "{text}");
    assert!(!file.exists());
    let (is_good, text) = check(&["--sandbox"], &[assets, ("HISTORY", "no-such-directory/history.db")]);
    assert!(!is_good && text.contains("must be a file in a directory that is there"), "{text}");
    let (is_good, text) = check(&["--sandbox"], &[assets]);
    assert!(is_good && text.contains("60 invented days"), "{text}");
}

#[test]
fn it_fails_where_the_history_could_not_be_kept_and_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("notes.txt");
    fs::write(&file, "notes").unwrap();
    let assets = ("ASSETS_DIR", "no-such-directory");
    let history = ("HISTORY", file.to_str().unwrap());
    let (is_good, text) = check(&["--sandbox"], &[assets, history]);
    assert!(!is_good && text.contains("is no database"), "{text}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "notes");
    let (is_good, text) = check(&["--sandbox"], &[assets, history, ("ADMIN_LISTEN", "127.0.0.1:1")]);
    assert!(!is_good && !text.contains("/metrics"), "{text}");
}

#[test]
fn it_says_by_which_names_it_is_reached_and_through_what_it_asks_and_no_password() {
    let (is_good, text) = check(
        &[],
        &[
            ("AIRALO_CLIENT_ID", "hunter1"),
            ("AIRALO_CLIENT_SECRET", "hunter2"),
            ("HTTPS_PROXY", "http://hunter3:hunter4@proxy.example:3128"),
            ("ALLOWED_HOSTS", "panel.example.com:8443"),
            ("ALLOWED_ORIGINS", "https://panel.example.com https://other.example.com"),
            ("ALLOWED_FRAMES", "https://frame.example.com"),
            ("ADMIN_LISTEN", "0.0.0.0:9"),
            ("ASSETS_DIR", "no-such-directory"),
        ],
    );
    assert!(is_good, "{text}");
    for part in [
        "from partners-api.airalo.com through http://proxy.example:3128, asked",
        "for panel.example.com:8443; ALLOWED_ORIGINS is https://panel.example.com https://other.example.com; \
         ALLOWED_FRAMES is https://frame.example.com",
        "http://0.0.0.0:9/ has health and metrics; other machines can reach ADMIN_LISTEN, and whoever does reads \
         the balance in /metrics",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    assert!(!text.contains("hunter"), "{text}");
}

#[test]
fn a_variable_whose_name_is_misspelt_is_named_with_the_one_that_is_meant() {
    let hint = "LOW_TRESHOLD is set and not read; is LOW_THRESHOLD meant?";
    let (_, text) = check(&["--sandbox"], &[("LOW_TRESHOLD", "200")]);
    assert!(text.contains(&format!("Misspelt:   {hint}")), "{text}");
    let (is_good, text) = check(&[], &[("LOW_TRESHOLD", "200")]);
    assert!(!is_good && text.contains("AIRALO_CLIENT_ID is missing") && text.contains(hint), "{text}");
}

#[test]
fn it_says_where_the_filter_of_the_log_leaves_out_alerts_that_go_nowhere_else() {
    let directory = tempfile::tempdir().unwrap();
    let history = directory.path().join("history.db");
    let variables = [
        ("ASSETS_DIR", "no-such-directory"),
        ("HISTORY", history.to_str().unwrap()),
        ("LOW_THRESHOLD", "200"),
    ];
    let check = |others: &[(&str, &str)]| check(&["--sandbox"], &[&variables[..], others].concat()).1;
    let hint = "RUST_LOG leaves them out of it: nobody is told";
    for filter in ["error", "off", "airalo_balance_proxy::access", "info,airalo_balance_proxy::alerts=error"]
    {
        let text = check(&[("RUST_LOG", filter)]);
        assert!(text.contains("in the log only") && text.contains(hint), "{filter}: {text}");
        let text = check(&[("RUST_LOG", filter), ("NOTIFY_WEBHOOK_URL", "http://127.0.0.1:1/")]);
        assert!(!text.contains(hint), "{filter}: {text}");
    }
    for filter in ["", "warn", "error,airalo_balance_proxy=info"] {
        assert!(!check(&[("RUST_LOG", filter)]).contains(hint), "{filter}");
    }
}

#[cfg(unix)]
#[test]
fn it_says_who_asks_by_way_of_a_web_server_where_nothing_says_who_may_and_so_does_the_log() {
    let assets = ("ASSETS_DIR", "no-such-directory");
    let hosts = ("ALLOWED_HOSTS", "panel.example.com,127.0.0.1,localhost");
    let hint = "whoever your web server lets through for the names in ALLOWED_HOSTS";
    let remedy = "set TRUSTED_PROXIES and TRUSTED_USER_HEADER";
    let (_, text) = check(&["--sandbox"], &[assets, hosts]);
    assert!(text.contains(hint) && text.contains(remedy), "{text}");
    let mut process = ProxyProcess::start(proxy_command(&["--sandbox"], &[assets, hosts]));
    process.url();
    let log = process.stop();
    assert!(log.iter().any(|line| line.contains(hint) && line.contains(remedy)), "{log:#?}");

    for said in [
        &[][..],
        &[("ALLOWED_HOSTS", "127.0.0.1:8080,localhost,[::1]")],
        &[hosts, ("ALLOW_ANONYMOUS", "1")],
        &[hosts, ("ACCESS_TOKEN", "0123456789abcdef")],
        &[hosts, ("TRUSTED_PROXIES", "127.0.0.1"), ("TRUSTED_USER_HEADER", "X-Remote-User")],
    ] {
        let variables = [&[assets], said].concat();
        let (_, text) = check(&["--sandbox"], &variables);
        assert!(!text.contains(hint), "{text}");
        let mut process = ProxyProcess::start(proxy_command(&["--sandbox"], &variables));
        process.url();
        let log = process.stop();
        assert!(!log.iter().any(|line| line.contains(hint)), "{log:#?}");
    }
}
