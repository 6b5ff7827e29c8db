use super::*;
use crate::config::tests::{invalid_variables, partner_config};

const STORE: (&str, &str) = ("HISTORY", "history.db");
const KEY: (&str, &str) = ("NOTIFY_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
const MAIL: [(&str, &str); 3] = [
    ("NOTIFY_SMTP_URL", "smtps://user:pass%40word@mail.example.com"),
    ("NOTIFY_MAIL_FROM", "Balance <balance@example.com>"),
    ("NOTIFY_MAIL_TO", "finance@example.com, Ops <ops@example.com>, finance@example.com"),
];

fn alerts(variables: &[(&str, &str)]) -> AlertsConfig {
    partner_config(&[&[STORE], variables].concat()).unwrap().alerts.unwrap()
}

fn invalid(variables: &[(&str, &str)]) -> Vec<String> {
    invalid_variables(partner_config(&[&[STORE], variables].concat()))
}

#[test]
fn without_any_of_the_variables_there_are_no_alerts() {
    assert!(partner_config(&[STORE]).unwrap().alerts.is_none());
}

#[test]
fn one_threshold_or_one_channel_is_enough() {
    let config = alerts(&[("LOW_THRESHOLD", "199.50")]);
    assert_eq!(config.amounts, Thresholds { low: Some("199.5".parse().unwrap()), critical: None });
    assert!(
        config
            .describe()
            .ends_with("in the log only (neither NOTIFY_WEBHOOK_URL nor NOTIFY_SMTP_URL is set)")
    );
    let config = alerts(&[("NOTIFY_WEBHOOK_URL", "https://chat.example.com/hooks/hunter2"), KEY]);
    assert_eq!(config.describe(), "critical at zero; posted to chat.example.com");
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn each_recipient_is_there_once_and_no_password_can_be_printed() {
    let config = alerts(&MAIL);
    assert_eq!(config.describe(), "critical at zero; mailed to finance@example.com, ops@example.com");
    assert!(!format!("{config:?}").contains("pass"));
}

#[test]
fn mail_is_encrypted_except_to_this_machine() {
    let url = |text| parse_smtp_url(text).map(|url| url.expose_secret().to_owned());
    for (text, used) in [
        ("smtp://mail.example.com", "smtp://mail.example.com?tls=required"),
        ("smtp://user:word@mail.example.com:2525/", "smtp://user:word@mail.example.com:2525/?tls=required"),
        ("smtps://mail.example.com", "smtps://mail.example.com"),
        ("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"),
        ("smtp://localhost", "smtp://localhost"),
    ] {
        assert_eq!(url(text).as_deref(), Some(used));
    }
    for text in [
        "mail.example.com",
        "http://mail.example.com",
        "smtp://",
        "smtp://user@mail.example.com",
        "smtp://mail.example.com/?tls=none",
        "smtp://mail.example.com?tls=opportunistic",
        "smtp://mail.example.com/path",
    ] {
        assert_eq!(url(text), None, "{text}");
        assert_eq!(invalid(&[("NOTIFY_SMTP_URL", text), MAIL[1], MAIL[2]]), ["NOTIFY_SMTP_URL"], "{text}");
    }
}

#[test]
fn alerts_are_posted_encrypted_except_to_this_machine() {
    for url in ["https://chat.example.com/hooks/x?y=z", "http://127.0.0.1:9/x", "http://localhost/"] {
        alerts(&[("NOTIFY_WEBHOOK_URL", url), KEY]);
    }
    for url in
        ["http://chat.example.com/", "ftp://127.0.0.1", "chat.example.com", "http://127.0.0.1.example.com"]
    {
        assert_eq!(invalid(&[("NOTIFY_WEBHOOK_URL", url), KEY]), ["NOTIFY_WEBHOOK_URL"], "{url}");
    }
}

#[test]
fn thresholds_are_above_zero_and_in_order() {
    for value in ["0", "-1", "lots", "1e-30"] {
        assert_eq!(invalid(&[("LOW_THRESHOLD", value)]), ["LOW_THRESHOLD"], "{value}");
    }
    for value in ["0", "91", "1.5", "-1"] {
        assert_eq!(invalid(&[("CRITICAL_DAYS", value)]), ["CRITICAL_DAYS"], "{value}");
    }
    assert_eq!(invalid(&[("LOW_THRESHOLD", "50"), ("CRITICAL_THRESHOLD", "200")]), ["CRITICAL_THRESHOLD"]);
    assert_eq!(invalid(&[("LOW_DAYS", "2"), ("CRITICAL_DAYS", "7")]), ["CRITICAL_DAYS"]);
    alerts(&[("LOW_THRESHOLD", "50"), ("CRITICAL_THRESHOLD", "50")]);
}

#[test]
fn what_belongs_together_is_missed_by_its_name() {
    assert_eq!(invalid(&[KEY]), ["NOTIFY_WEBHOOK_URL"]);
    let url = ("NOTIFY_WEBHOOK_URL", "https://chat.example.com");
    assert_eq!(invalid(&[url]), ["NOTIFY_WEBHOOK_SECRET"]);
    assert_eq!(invalid(&[MAIL[0]]), ["NOTIFY_MAIL_FROM", "NOTIFY_MAIL_TO"]);
    assert_eq!(invalid(&[MAIL[1]]), ["NOTIFY_SMTP_URL", "NOTIFY_MAIL_TO"]);
    assert_eq!(invalid(&[MAIL[0], MAIL[1], ("NOTIFY_MAIL_TO", "nobody")]), ["NOTIFY_MAIL_TO"]);
    assert_eq!(invalid(&[MAIL[0], MAIL[1], ("NOTIFY_MAIL_TO", ", ,")]), ["NOTIFY_MAIL_TO"]);
}

#[test]
fn without_a_store_nothing_could_be_told_once() {
    for variable in [("LOW_THRESHOLD", "200"), ("LOW_DAYS", "7")] {
        let errors = partner_config(&[variable]).unwrap_err();
        assert!(errors.to_string().contains("needs a store"), "{errors}");
        assert_eq!(errors.0.len(), 1);
    }
    assert!(partner_config(&[("LOW_DAYS", "7"), ("REDIS_URL", "redis://127.0.0.1")]).is_ok());
}

#[test]
fn one_proxy_that_is_wrong_is_one_error_although_two_addresses_are_reached_through_it() {
    let url = ("NOTIFY_WEBHOOK_URL", "https://chat.example.com");
    assert_eq!(invalid(&[url, KEY, ("HTTPS_PROXY", "socks5://a:1")]), ["HTTPS_PROXY"]);
}
