use super::*;
use secrecy::ExposeSecret;
use std::fs;

const CREDENTIALS: [(&str, &str); 2] = [("AIRALO_CLIENT_ID", "id"), ("AIRALO_CLIENT_SECRET", "s3cret")];

pub(super) fn config_from(sandbox: bool, vars: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    Config::from_vars(sandbox, |name| {
        vars.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    })
}

pub(super) fn partner_config(extra: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    config_from(false, &[&CREDENTIALS, extra].concat())
}

/// The variables of all errors.
pub(super) fn invalid_variables(result: Result<Config, ConfigErrors>) -> Vec<String> {
    result.unwrap_err().0.into_iter().map(|error| error.variable).collect()
}

#[test]
fn credentials_are_all_that_is_needed() {
    let config = partner_config(&[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!((config.balance_ttl, config.max_stale), (Duration::from_secs(60), Duration::from_secs(3600)));
    assert_eq!((config.admin_listen, config.card), (None, CardSource::default()));
    let Source::Partner { base_url, .. } = config.source else { panic!("not the partner") };
    assert_eq!(base_url.as_str(), "https://partners-api.airalo.com/");
}

#[test]
fn every_missing_variable_is_reported_at_once() {
    let all = config_from(
        false,
        &[("LISTEN", "8080"), ("BALANCE_TTL", "0"), ("LOG_FORMAT", "x"), ("AIRALO_CLIENT_ID", " ")],
    );
    assert_eq!(
        invalid_variables(all),
        ["AIRALO_CLIENT_ID", "AIRALO_CLIENT_SECRET", "LISTEN", "BALANCE_TTL", "LOG_FORMAT"]
    );
}

#[test]
fn an_error_names_its_remedy_and_never_the_value() {
    let errors = partner_config(&[("LISTEN", "hunter2"), ("AIRALO_BASE_URL", "http://hunter2@example.com")])
        .unwrap_err();
    let text = errors.to_string();
    assert!(text.contains("LISTEN must be an address and a port, such as 127.0.0.1:8080"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    assert!(!format!("{errors:?}").contains("hunter2"));
}

#[test]
fn a_history_is_kept_in_a_file_or_in_redis_and_not_in_both() {
    let config = partner_config(&[("HISTORY", "/var/lib/airalo/history.db")]).unwrap();
    assert_eq!(config.history, Some(PathBuf::from("/var/lib/airalo/history.db")));
    let both = [("HISTORY", "history.db"), ("REDIS_URL", "redis://127.0.0.1")];
    let errors = partner_config(&both).unwrap_err().to_string();
    assert!(errors.contains("HISTORY must not be set together with REDIS_URL"), "{errors}");
}

#[test]
fn the_sandbox_needs_no_credentials() {
    let config = config_from(true, &[]).unwrap();
    let Source::Sandbox(options) = config.source else { panic!("not the sandbox") };
    assert_eq!(options.listen.to_string(), "127.0.0.1:0");
    assert_eq!(options.balance, Cents::new(22_535));
    assert_eq!(options.order_every, Some(Duration::from_secs(20)));

    let config = config_from(true, &[("SANDBOX_ORDER_EVERY", "0")]).unwrap();
    let Source::Sandbox(options) = config.source else { panic!("not the sandbox") };
    assert_eq!(options.order_every, None);
}

#[test]
fn the_sandbox_is_never_reachable_from_other_machines() {
    assert_eq!(
        invalid_variables(config_from(true, &[("SANDBOX_LISTEN", "0.0.0.0:8081")])),
        ["SANDBOX_LISTEN"]
    );
}

#[test]
fn the_base_url_is_https_or_on_a_loopback_address() {
    for url in [
        "https://partners-api.airalo.com",
        "https://partners-api.airalo.com:8443/",
        "http://127.0.0.1:8081",
        "http://[::1]:8081",
        "http://localhost:8081",
    ] {
        assert!(partner_config(&[("AIRALO_BASE_URL", url)]).is_ok(), "{url}");
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
        assert_eq!(
            invalid_variables(partner_config(&[("AIRALO_BASE_URL", url)])),
            ["AIRALO_BASE_URL"],
            "{url}"
        );
    }
}

#[test]
fn two_listeners_cannot_have_one_address() {
    for (listen, admin, collides) in [
        ("127.0.0.1:8080", "127.0.0.1:8080", true),
        ("127.0.0.1:8080", "0.0.0.0:8080", true),
        ("127.0.0.1:8080", "[::]:8080", true),
        ("127.0.0.1:8080", "127.0.0.1:9090", false),
        ("127.0.0.1:8080", "127.0.0.2:8080", false),
        ("127.0.0.1:8080", "[::1]:8080", false),
        ("127.0.0.1:0", "127.0.0.1:0", false),
    ] {
        let config = partner_config(&[("LISTEN", listen), ("ADMIN_LISTEN", admin)]);
        if collides {
            assert_eq!(invalid_variables(config), ["ADMIN_LISTEN"], "{listen} {admin}");
        } else {
            assert!(config.is_ok(), "{listen} {admin}");
        }
    }
}

#[test]
fn a_secret_may_be_read_from_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    let file = ("AIRALO_CLIENT_SECRET_FILE", path.to_str().unwrap());

    for text in ["from-a-file\n", "\u{feff}from-a-file\r\n"] {
        fs::write(&path, text).unwrap();
        let config = config_from(false, &[CREDENTIALS[0], file]).unwrap();
        let Source::Partner { credentials, .. } = config.source else { panic!("not the partner") };
        assert_eq!(credentials.client_secret.expose_secret(), "from-a-file");
    }

    assert_eq!(invalid_variables(partner_config(&[file])), ["AIRALO_CLIENT_SECRET"]);

    fs::write(&path, "two\nlines").unwrap();
    assert_eq!(invalid_variables(config_from(false, &[CREDENTIALS[0], file])), ["AIRALO_CLIENT_SECRET"]);
    fs::remove_file(&path).unwrap();
    assert_eq!(invalid_variables(config_from(false, &[CREDENTIALS[0], file])), ["AIRALO_CLIENT_SECRET_FILE"]);
}

#[test]
fn debug_of_config_prints_no_secret() {
    let config = partner_config(&[]).unwrap();
    assert!(!format!("{config:?}").contains("s3cret"));
}

#[test]
fn help_explains_every_variable_with_its_default() {
    let help = environment_help();
    for variable in var::ALL {
        assert!(help.contains(variable.name) && help.contains(variable.default), "{}", variable.name);
    }
    assert!(help.contains("AIRALO_CLIENT_SECRET_FILE"));
}

#[test]
fn no_variable_is_read_that_help_does_not_explain() {
    let names = std::cell::RefCell::new(Vec::new());
    for sandbox in [false, true] {
        let _ = Config::from_vars(sandbox, |name| {
            names.borrow_mut().push(name.to_owned());
            None
        });
    }
    let help = environment_help();
    for name in names.into_inner() {
        assert!(help.contains(&name), "{name}");
    }
}
