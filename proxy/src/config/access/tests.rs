use crate::config::tests::{invalid_variables, partner_config};
use std::fs;

const TOKEN: (&str, &str) = ("ACCESS_TOKEN", "0123456789abcdef");
const KEY: (&str, &str) = ("WIDGET_TOKEN_SECRET", "0123456789abcdef0123456789abcdef");
const PROXIES: (&str, &str) = ("TRUSTED_PROXIES", "10.0.0.0/8, ::1 192.0.2.7");
const USER: (&str, &str) = ("TRUSTED_USER_HEADER", "X-Remote-User");
const HOSTS: (&str, &str) = ("ALLOWED_HOSTS", "panel.example.com");

#[test]
fn other_machines_can_connect_only_if_something_says_who_may_ask_and_by_which_name() {
    for listen in ["0.0.0.0:8080", "[::]:8080", "192.0.2.1:80"] {
        let listen = ("LISTEN", listen);
        assert_eq!(invalid_variables(partner_config(&[listen])), ["ALLOWED_HOSTS", "LISTEN"]);
        assert_eq!(invalid_variables(partner_config(&[listen, HOSTS])), ["LISTEN"]);
        let refused = [listen, HOSTS, ("ALLOW_ANONYMOUS", "0")];
        assert_eq!(invalid_variables(partner_config(&refused)), ["LISTEN"]);
        for mode in [&[TOKEN][..], &[KEY], &[PROXIES, USER], &[("ALLOW_ANONYMOUS", "1")]] {
            assert!(partner_config(&[&[listen, HOSTS], mode].concat()).is_ok(), "{mode:?}");
            assert_eq!(invalid_variables(partner_config(&[&[listen], mode].concat())), ["ALLOWED_HOSTS"]);
        }
    }
}

#[test]
fn the_error_names_every_way_to_say_who_may_ask() {
    let text = partner_config(&[("LISTEN", "0.0.0.0:80"), HOSTS]).unwrap_err().to_string();
    for name in
        ["ACCESS_TOKEN", "WIDGET_TOKEN_SECRET", "TRUSTED_PROXIES", "TRUSTED_USER_HEADER", "ALLOW_ANONYMOUS=1"]
    {
        assert!(text.contains(name), "{text}");
    }
    assert!(text.contains("127.0.0.1:8080"), "{text}");
}

#[test]
fn every_variable_has_its_own_error_and_all_are_reported_at_once() {
    let errors = partner_config(&[
        ("LISTEN", "0.0.0.0:80"),
        ("ACCESS_TOKEN", "short"),
        ("WIDGET_TOKEN_SECRET", "0123456789abcdef0123456789abcde"),
        ("ALLOWED_HOSTS", "https://panel.example.com"),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_FRAMES", "https://panel.example.com/path"),
        ("TRUSTED_PROXIES", "everyone"),
        ("TRUSTED_USER_HEADER", "X_Remote_User"),
        ("ALLOW_ANONYMOUS", "yes"),
        ("RATE_LIMIT", "-1"),
    ]);
    assert_eq!(
        invalid_variables(errors),
        [
            "ACCESS_TOKEN",
            "WIDGET_TOKEN_SECRET",
            "ALLOWED_HOSTS",
            "ALLOWED_ORIGINS",
            "ALLOWED_FRAMES",
            "TRUSTED_PROXIES",
            "TRUSTED_USER_HEADER",
            "ALLOW_ANONYMOUS",
            "RATE_LIMIT"
        ]
    );
}

#[test]
fn a_public_address_is_reported_along_with_other_errors() {
    let errors = partner_config(&[("LISTEN", "0.0.0.0:80"), ("RATE_LIMIT", "x"), ("ALLOWED_ORIGINS", "*")]);
    assert_eq!(invalid_variables(errors), ["ALLOWED_ORIGINS", "RATE_LIMIT", "ALLOWED_HOSTS", "LISTEN"]);
}

#[test]
fn the_header_of_the_user_needs_the_proxies_that_set_it() {
    assert_eq!(invalid_variables(partner_config(&[USER])), ["TRUSTED_PROXIES"]);
    assert!(partner_config(&[PROXIES, USER]).is_ok());
}

#[test]
fn proxies_may_do_without_the_header_where_something_else_says_who_may_ask() {
    for mode in [TOKEN, KEY, ("ALLOW_ANONYMOUS", "1")] {
        assert!(partner_config(&[PROXIES, mode]).is_ok(), "{mode:?}");
        assert!(partner_config(&[PROXIES, mode, HOSTS, ("LISTEN", "0.0.0.0:80")]).is_ok(), "{mode:?}");
    }
    for listen in ["127.0.0.1:8080", "0.0.0.0:80"] {
        let forgotten = partner_config(&[PROXIES, HOSTS, ("LISTEN", listen)]);
        assert_eq!(invalid_variables(forgotten), ["TRUSTED_USER_HEADER"], "{listen}");
    }
}

#[test]
fn nobody_can_trust_every_address_there_is() {
    for proxies in [
        "0.0.0.0/0",
        "::/0",
        "10.0.0.0/8,0.0.0.0/0",
        "10.0.0.0/33",
        "localhost",
        "::ffff:0:0/96",
        "::ffff:0:0/90",
    ] {
        let result = partner_config(&[("TRUSTED_PROXIES", proxies), USER]);
        assert_eq!(invalid_variables(result), ["TRUSTED_PROXIES"], "{proxies}");
    }
    for name in ["Authorization", "host", "X-Airalo-Widget", "X-Forwarded-For", "a b", "X.User"] {
        let result = partner_config(&[PROXIES, ("TRUSTED_USER_HEADER", name)]);
        assert_eq!(invalid_variables(result), ["TRUSTED_USER_HEADER"], "{name}");
    }
}

#[test]
fn ipv4_networks_that_are_written_as_ipv6_are_those_of_ipv4() {
    for (written, read) in [
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::ffff:10.1.2.3", "10.1.2.3/32"),
        ("::ffff:a01:203/128", "10.1.2.3/32"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("::1", "::1/128"),
    ] {
        let config = partner_config(&[("TRUSTED_PROXIES", written), USER]).unwrap();
        assert_eq!(config.access.trusted_proxies, [read.parse().unwrap()], "{written}");
    }
}

#[test]
fn only_exact_origins_are_taken_and_written_as_browsers_write_them() {
    for name in ["ALLOWED_ORIGINS", "ALLOWED_FRAMES"] {
        for origin in [
            "null",
            "*",
            "https://*",
            "https://*.example.com",
            "panel.example.com",
            "//panel.example.com",
            "https://panel.example.com/",
            "https://panel.example.com/path",
            "https://panel.example.com?a",
            "https://panel.example.com#a",
            "https://user@panel.example.com",
            "https://panel.example.com:port",
            "https://panel.example.com:99999",
            "https://%70anel.example.com",
            "https:\\\\panel.example.com",
            "file://panel.example.com",
            "https://",
            "https://panel.example.com;https://other.example.com",
        ] {
            assert_eq!(invalid_variables(partner_config(&[(name, origin)])), [name], "{origin}");
        }
    }
    let list = "https://panel.example.com:443,HTTP://Panel.Example.com:80  https://bücher.example:8443\nhttp://[::1]:3000";
    let config = partner_config(&[("ALLOWED_ORIGINS", list)]).unwrap();
    let origins: Vec<_> = config.access.origins.iter().map(|origin| origin.as_str().to_owned()).collect();
    assert_eq!(
        origins,
        [
            "https://panel.example.com",
            "http://panel.example.com",
            "https://xn--bcher-kva.example:8443",
            "http://[::1]:3000"
        ]
    );
}

#[test]
fn a_host_has_neither_a_scheme_nor_a_path_nor_a_star() {
    for host in [
        "*",
        "*.example.com",
        "http://a.example",
        "a.example/",
        "a@b.example",
        "a.example:x",
        "a:",
        ":80",
        "a_%",
    ] {
        assert_eq!(
            invalid_variables(partner_config(&[("ALLOWED_HOSTS", host)])),
            ["ALLOWED_HOSTS"],
            "{host}"
        );
    }
    for host in ["a.example", "A.example:8443", "bücher.example", "192.0.2.1", "[::1]:80", "::1", "a b,c"] {
        assert!(partner_config(&[("ALLOWED_HOSTS", host)]).is_ok(), "{host}");
    }
}

#[test]
fn the_secrets_may_be_read_from_files_and_are_never_printed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    fs::write(&path, "a-secret-of-more-than-32-characters\n").unwrap();
    let path = path.to_str().unwrap();
    let files = [("ACCESS_TOKEN_FILE", path), ("WIDGET_TOKEN_SECRET_FILE", path)];
    let config = partner_config(&files).unwrap();
    assert!(
        config.access.secrets.access_token.is_some() && config.access.secrets.widget_token_secret.is_some()
    );
    assert!(!format!("{config:?}").contains("a-secret"), "{config:?}");
    assert_eq!(invalid_variables(partner_config(&[files[0], TOKEN])), ["ACCESS_TOKEN"]);

    for value in ["with a space in it", "fifteen-letters", "not-ascii-é-letters"] {
        assert_eq!(
            invalid_variables(partner_config(&[("ACCESS_TOKEN", value)])),
            ["ACCESS_TOKEN"],
            "{value}"
        );
    }
    let errors = partner_config(&[("ACCESS_TOKEN", "hunter2"), ("ALLOWED_ORIGINS", "hunter2")]).unwrap_err();
    assert!(!format!("{errors} {errors:?}").contains("hunter2"));
}
