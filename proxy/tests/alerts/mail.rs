//! Alerts by mail, through a real mail server.

use crate::exim::{Answer, Exim};
use crate::partner::Partner;
use crate::setup::start;
use crate::wait::wait_until;

fn variables<'a>(url: &'a str, to: &'a str) -> [(&'a str, &'a str); 3] {
    [("NOTIFY_SMTP_URL", url), ("NOTIFY_MAIL_FROM", "Balance <balance@example.com>"), ("NOTIFY_MAIL_TO", to)]
}

#[tokio::test]
async fn each_recipient_gets_a_mail_with_amount_level_and_link() {
    let Some(exim) = Exim::start(Answer::Accept) else { return };
    let (partner, directory) = (Partner::start(18_050).await, tempfile::tempdir().unwrap());
    let url = format!("smtp://127.0.0.1:{}", exim.port);
    let variables = variables(&url, "finance@example.com, Ops <ops@example.com>");
    let proxy = start(&partner, &directory.path().join("history.db"), &variables, |_| {}).await;
    proxy.read_until("two mails", async || proxy.notifications("mail", "delivered").await == 2).await;
    let mails = exim.accepted();
    assert_eq!(mails.len(), 2, "{mails:#?}");
    for recipient in ["finance@example.com", "ops@example.com"] {
        assert!(mails.iter().any(|mail| mail.contains(&format!("\n{recipient}\n"))), "{mails:#?}");
    }
    for part in [
        "Subject: Airalo credit is low: USD 180.50\n",
        "Auto-Submitted: auto-generated\n",
        "Message-ID: <msg_",
        "Top up: https://app.partners.airalo.com",
        "Level: low (before: ok)",
    ] {
        assert!(mails[0].contains(part), "{part} is not in:\n{}", mails[0]);
    }
}

#[tokio::test]
async fn a_server_that_is_down_or_refuses_gets_it_once_when_it_takes_it() {
    let Some(mut exim) = Exim::start(Answer::Accept) else { return };
    exim.stop();
    let (partner, directory) = (Partner::start(0).await, tempfile::tempdir().unwrap());
    let url = format!("smtp://127.0.0.1:{}", exim.port);
    let variables = variables(&url, "finance@example.com");
    let proxy = start(&partner, &directory.path().join("history.db"), &variables, |_| {}).await;
    let failed = async || proxy.notifications("mail", "failed").await;
    proxy.read_until("it is down", async || failed().await >= 2).await;
    exim.run(Answer::Defer);
    let before = failed().await;
    wait_until("it refuses", async || failed().await >= before + 2).await;
    assert_eq!(exim.accepted().len(), 0);
    exim.run(Answer::Accept);
    wait_until("it is delivered", async || proxy.notifications("mail", "delivered").await == 1).await;
    let mails = exim.accepted();
    assert_eq!(mails.len(), 1, "{mails:#?}");
    assert!(mails[0].contains("Subject: Airalo credit is used up: USD 0.00\n"), "{}", mails[0]);
}

#[tokio::test]
async fn a_wrong_address_costs_the_others_nothing() {
    let Some(exim) = Exim::start(Answer::DenyOne) else { return };
    let (partner, directory) = (Partner::start(0).await, tempfile::tempdir().unwrap());
    let url = format!("smtp://127.0.0.1:{}", exim.port);
    let variables = variables(&url, "wrong@example.com, finance@example.com");
    let proxy = start(&partner, &directory.path().join("history.db"), &variables, |_| {}).await;
    wait_until("it is refused again and again", async || {
        proxy.notifications("mail", "failed").await >= 3
            && proxy.notifications("mail", "delivered").await == 1
    })
    .await;
    let mails = exim.accepted();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("\nfinance@example.com\n"), "{}", mails[0]);
}
