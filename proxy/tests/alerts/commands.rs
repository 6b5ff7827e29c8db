//! `notify test` and `--check`, as somebody types them.

use crate::process::proxy_command;
use crate::receiver::{Mode, Receiver};
use crate::setup::SECRET;
use serde_json::json;
use std::path::Path;
use std::process::{Command, Output};

async fn run(arguments: &'static [&'static str], variables: &[(&str, &str)]) -> (Output, String) {
    let mut command = proxy_command(arguments, variables);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = [&*output.stdout, &*output.stderr].concat();
    (output, String::from_utf8(text).unwrap())
}

#[tokio::test]
async fn notify_test_sends_one_alert_that_says_what_it_is_and_reports_each_channel() {
    let receiver = Receiver::start().await;
    let url = receiver.url();
    let variables = [
        ("HISTORY", "/nowhere/that/is/needed"),
        ("NOTIFY_WEBHOOK_URL", &*url),
        ("NOTIFY_WEBHOOK_SECRET", SECRET),
        ("NOTIFY_SMTP_URL", "smtp://127.0.0.1:1"),
        ("NOTIFY_MAIL_FROM", "balance@example.com"),
        ("NOTIFY_MAIL_TO", "finance@example.com"),
    ];
    let (output, text) = run(&["--sandbox", "notify", "test"], &variables[..3]).await;
    assert!(output.status.success() && text == "webhook: delivered\n", "{text}");
    // Airalo is asked nothing, so no credentials are needed.
    let (output, text) = run(&["notify", "test"], &variables[..3]).await;
    assert!(output.status.success() && text == "webhook: delivered\n", "{text}");
    let body = receiver.accepted()[0].json();
    assert_eq!(body["event"], "test");
    assert!(body["text"].as_str().unwrap().starts_with("Test: "), "{body}");

    let (output, text) = run(&["--sandbox", "notify", "test"], &variables).await;
    assert!(!output.status.success());
    assert!(text.starts_with("webhook: delivered\nmail finance@example.com: failed: "), "{text}");

    receiver.set(Mode::Status(403));
    let (output, text) = run(&["--sandbox", "notify", "test"], &variables[..3]).await;
    assert!(
        !output.status.success() && text.contains("webhook: failed: a response with status 403"),
        "{text}"
    );
    assert!(!text.contains("secret-of-the-chat"), "{text}");
    assert_eq!(receiver.attempts().len(), 4);
}

#[tokio::test]
async fn notify_test_without_a_channel_says_what_to_set() {
    let (output, text) = run(&["--sandbox", "notify", "test"], &[]).await;
    assert!(
        !output.status.success() && text.contains("set NOTIFY_WEBHOOK_URL, or NOTIFY_SMTP_URL"),
        "{text}"
    );
}

#[tokio::test]
async fn check_says_who_is_told_and_when_and_no_secret() {
    let (_, text) = run(
        &["--sandbox", "--check"],
        &[
            ("HISTORY", "history.db"),
            ("LOW_THRESHOLD", "200"),
            ("CRITICAL_DAYS", "3"),
            ("NOTIFY_WEBHOOK_URL", "https://chat.example.com/hooks/hunter1"),
            ("NOTIFY_WEBHOOK_SECRET", SECRET),
            ("NOTIFY_SMTP_URL", "smtps://hunter2:hunter3@mail.example.com"),
            ("NOTIFY_MAIL_FROM", "balance@example.com"),
            ("NOTIFY_MAIL_TO", "a@example.com, b@example.com"),
        ],
    )
    .await;
    let line = "low at 200 or less, critical at 3 days left or fewer, critical at zero; \
                posted to chat.example.com, mailed to a@example.com, b@example.com";
    assert!(text.contains(line), "{text}");
    assert!(!text.contains("hunter") && !text.contains("whsec"), "{text}");
    let (_, text) = run(&["--sandbox", "--check"], &[]).await;
    assert!(text.contains("Alerts:     off"), "{text}");
}

#[tokio::test]
async fn the_lines_that_the_documentation_gives_to_receivers_accept_what_is_sent_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let example = root.join("examples/alerts/verify.mjs");

    let receiver = Receiver::start().await;
    let url = receiver.url();
    let variables = [("HISTORY", "h"), ("NOTIFY_WEBHOOK_URL", &*url), ("NOTIFY_WEBHOOK_SECRET", SECRET)];
    run(&["--sandbox", "notify", "test"], &variables).await;
    let delivery = receiver.accepted().remove(0);
    let headers = json!({
        "webhook-id": delivery.id, "webhook-timestamp": delivery.timestamp, "webhook-signature": delivery.signature,
    });
    let (body, at) = (String::from_utf8(delivery.body.to_vec()).unwrap(), delivery.timestamp);
    let script = format!(
        "import {{ verify }} from {path};\n\
         const [secret, headers, body, at] = {arguments};\n\
         const other = \"whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0\";\n\
         console.log(verify(secret, headers, body), verify(secret, headers, body, at + 301),\n\
           verify(secret, headers, body + \" \"), verify(other, headers, body),\n\
           verify(secret, {{ ...headers, \"webhook-id\": \"msg_1\" }}, body),\n\
           verify(secret, {{}}, body));",
        path = json!(example),
        arguments = json!([SECRET, headers, body, at.parse::<u64>().unwrap()]),
    );
    let Ok(output) = Command::new("node").args(["--input-type=module", "--eval", &script]).output() else {
        eprintln!("SKIPPED: Node.js is not installed");
        return;
    };
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(said, "true false false false false false\n");
}
