use super::*;
use secrecy::ExposeSecret;
use std::fs;

const CREDENTIALS: [(&str, &str); 2] = [("AIRALO_CLIENT_ID", "id"), ("AIRALO_CLIENT_SECRET", "s3cret")];

fn read(sandbox: bool, vars: &[(&str, &str)]) -> Result<Config, Faults> {
    Config::from_vars(sandbox, |name| {
        vars.iter().find(|(given, _)| *given == name).map(|(_, value)| (*value).to_owned())
    })
}

fn with(extra: &[(&str, &str)]) -> Result<Config, Faults> {
    read(false, &[&CREDENTIALS, extra].concat())
}

/// The names of all faults.
fn faults(result: Result<Config, Faults>) -> Vec<String> {
    result.unwrap_err().0.into_iter().map(|fault| fault.variable).collect()
}

#[test]
fn credentials_are_all_that_is_needed() {
    let config = with(&[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!((config.balance_ttl, config.max_stale), (Duration::from_secs(60), Duration::from_secs(3600)));
    assert_eq!((config.admin_listen, config.assets_dir), (None, PathBuf::from("dist")));
    let Source::Partner { base_url, .. } = config.source else { panic!("not the partner") };
    assert_eq!(base_url.as_str(), "https://partners-api.airalo.com/");
}

#[test]
fn every_missing_variable_is_reported_at_once() {
    let all =
        read(false, &[("LISTEN", "8080"), ("BALANCE_TTL", "0"), ("HISTORY", "x"), ("AIRALO_CLIENT_ID", " ")]);
    assert_eq!(faults(all), ["HISTORY", "AIRALO_CLIENT_ID", "AIRALO_CLIENT_SECRET", "LISTEN", "BALANCE_TTL"]);
}

#[test]
fn a_fault_names_its_remedy_and_never_the_value() {
    let faults =
        with(&[("LISTEN", "hunter2"), ("AIRALO_BASE_URL", "http://hunter2@example.com")]).unwrap_err();
    let text = faults.to_string();
    assert!(text.contains("LISTEN must be an address and a port, such as 127.0.0.1:8080"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    assert!(!format!("{faults:?}").contains("hunter2"));
}

#[test]
fn the_stand_in_needs_no_credentials() {
    let config = read(true, &[]).unwrap();
    let Source::StandIn(stand_in) = config.source else { panic!("not the stand-in") };
    assert_eq!(stand_in.listen.to_string(), "127.0.0.1:0");
    assert_eq!(stand_in.balance, Cents::new(22_535));
    assert_eq!(stand_in.order_every, Some(Duration::from_secs(20)));

    let config = read(true, &[("SANDBOX_ORDER_EVERY", "0")]).unwrap();
    let Source::StandIn(stand_in) = config.source else { panic!("not the stand-in") };
    assert_eq!(stand_in.order_every, None);
}

#[test]
fn the_stand_in_is_never_reachable_from_outside() {
    assert_eq!(faults(read(true, &[("SANDBOX_LISTEN", "0.0.0.0:8081")])), ["SANDBOX_LISTEN"]);
}

#[test]
fn a_token_is_only_sent_encrypted_or_within_the_machine() {
    for url in [
        "https://partners-api.airalo.com",
        "https://partners-api.airalo.com:8443/",
        "http://127.0.0.1:8081",
        "http://[::1]:8081",
        "http://localhost:8081",
    ] {
        assert!(with(&[("AIRALO_BASE_URL", url)]).is_ok(), "{url}");
    }
    for url in [
        "http://partners-api.airalo.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "ftp://127.0.0.1",
        "https://partners-api.airalo.com/v2",
        "https://user:word@partners-api.airalo.com",
        "https://partners-api.airalo.com/?a",
        "https://partners-api.airalo.com/#a",
        "partners-api.airalo.com",
    ] {
        assert_eq!(faults(with(&[("AIRALO_BASE_URL", url)])), ["AIRALO_BASE_URL"], "{url}");
    }
}

#[test]
fn other_machines_are_let_in_only_when_asked_to() {
    for listen in ["0.0.0.0:8080", "[::]:8080", "192.0.2.1:80"] {
        assert_eq!(faults(with(&[("LISTEN", listen)])), ["LISTEN"]);
        assert_eq!(faults(with(&[("LISTEN", listen), ("ALLOW_ANONYMOUS", "0")])), ["LISTEN"]);
        assert!(with(&[("LISTEN", listen), ("ALLOW_ANONYMOUS", "1")]).is_ok());
    }
    assert_eq!(faults(with(&[("ALLOW_ANONYMOUS", "yes")])), ["ALLOW_ANONYMOUS"]);
}

#[test]
fn a_setting_that_cannot_be_obeyed_is_not_ignored() {
    for name in var::NOT_YET {
        assert_eq!(faults(with(&[(name, "x")])), [name]);
        assert!(with(&[(name, "")]).is_ok());
    }
}

#[test]
fn a_secret_may_be_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    fs::write(&path, "from-a-file\n").unwrap();
    let file = ("AIRALO_CLIENT_SECRET_FILE", path.to_str().unwrap());

    let config = read(false, &[CREDENTIALS[0], file]).unwrap();
    let Source::Partner { credentials, .. } = config.source else { panic!("not the partner") };
    assert_eq!(credentials.client_secret.expose_secret(), "from-a-file");

    assert_eq!(faults(with(&[file])), ["AIRALO_CLIENT_SECRET"]);

    fs::write(&path, "two\nlines").unwrap();
    assert_eq!(faults(read(false, &[CREDENTIALS[0], file])), ["AIRALO_CLIENT_SECRET"]);
    fs::remove_file(&path).unwrap();
    assert_eq!(faults(read(false, &[CREDENTIALS[0], file])), ["AIRALO_CLIENT_SECRET_FILE"]);
}

#[test]
fn debug_of_config_prints_no_secret() {
    let config = with(&[]).unwrap();
    assert!(!format!("{config:?}").contains("s3cret"));
}

#[test]
fn help_explains_every_variable_with_its_default() {
    let help = help();
    for variable in var::ALL {
        assert!(help.contains(variable.name) && help.contains(variable.default), "{}", variable.name);
    }
    assert!(help.contains("AIRALO_CLIENT_SECRET_FILE"));
}

/// The reader asks for names; each of them has to be one that `--help` or a refusal knows.
#[test]
fn no_variable_is_read_that_help_does_not_explain() {
    let asked = std::cell::RefCell::new(Vec::new());
    for sandbox in [false, true] {
        let _ = Config::from_vars(sandbox, |name| {
            asked.borrow_mut().push(name.to_owned());
            None
        });
    }
    for name in asked.into_inner() {
        assert!(help().contains(&name) || var::NOT_YET.contains(&name.as_str()), "{name}");
    }
}
