//! `history export` and `history import`, as somebody types them.

use crate::support::proxy_command;
use std::io::Write;
use std::process::{Command, Stdio};
use tempfile::TempDir;

struct Shell {
    directory: TempDir,
}

impl Shell {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let file = self.directory.path().join("history.db");
        let variables = [
            ("HISTORY", file.to_str().unwrap()),
            ("AIRALO_CLIENT_ID", "id"),
            ("AIRALO_CLIENT_SECRET", "hunter2"),
            // Nobody listens there: these commands ask Airalo nothing.
            ("AIRALO_BASE_URL", "http://127.0.0.1:1"),
        ];
        proxy_command(&[&["history"], arguments].concat(), &variables)
    }

    /// Whether it succeeded, and what it printed.
    fn run(&self, arguments: &[&str]) -> (bool, String) {
        let output = self.command(arguments).output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    }

    fn import(&self, csv: &str) -> (bool, String) {
        let file = self.directory.path().join("import.csv");
        std::fs::write(&file, csv).unwrap();
        self.run(&["import", file.to_str().unwrap()])
    }
}

/// A day of this month, because old ones are not kept.
fn day(days_ago: i64) -> String {
    let time = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days_ago);
    time.to_string()[..10].to_owned()
}

fn records() -> String {
    format!(
        "time,amount,currency\n{0}T10:00:00Z,12345678901234567.89,USD\n{1}T10:00:00Z,100,USD\n{1}T12:00:00Z,99.5,EUR\n",
        day(3),
        day(2)
    )
}

#[test]
fn what_was_imported_is_exported_again_and_a_second_time_changes_nothing() {
    let shell = Shell::new();
    for _ in 0..2 {
        let (is_good, text) = shell.import(&records());
        assert!(is_good && text.contains("3 balances are in the history"), "{text}");
        assert_eq!(shell.run(&["export"]), (true, records()));
    }
    let since = shell.run(&["export", "--since", &day(2)]).1;
    assert_eq!(since.lines().count(), 3, "{since}");
    let json = shell.run(&["export", "--format", "json", "--since", &format!("{}T11:00:00Z", day(2))]).1;
    assert_eq!(
        json,
        format!("[{{\"time\":\"{}T12:00:00Z\",\"amount\":99.5,\"currency\":\"EUR\"}}]\n", day(2))
    );
}

#[test]
fn one_bad_line_keeps_all_others_out() {
    let shell = Shell::new();
    let (is_good, text) =
        shell.import(&format!("{}{}T10:00:00Z,1e999,USD\nyesterday,1,USD\n", records(), day(1)));
    assert!(!is_good, "{text}");
    for part in ["nothing was imported", "line 5: the amount must be", "line 6: the time must be"] {
        assert!(text.contains(part), "{text}");
    }
    let (is_good, text) = shell.run(&["export"]);
    assert!(!is_good && text.contains("is not there; it is made by the proxy"), "{text}");
}

#[test]
fn standard_input_is_a_file_too() {
    let shell = Shell::new();
    let mut child =
        shell.command(&["import", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(records().as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(shell.run(&["export"]).1, records());
}

#[test]
fn a_second_is_counted_once_and_what_is_in_another_currency_is_said() {
    let shell = Shell::new();
    let twice = format!("{}{}T10:00:00Z,7,USD\n", records(), day(3));
    let (is_good, text) = shell.import(&twice);
    assert!(is_good && text.contains("3 balances are in the history"), "{text}");
    assert!(text.contains("2 of them are not in EUR, its currency"), "{text}");
}

#[test]
fn a_currency_that_the_account_has_never_had_keeps_all_out_unless_it_was_before() {
    let shell = Shell::new();
    let line =
        |days_ago, currency| format!("time,amount,currency\n{}T11:00:00Z,5,{currency}\n", day(days_ago));
    assert!(shell.import(&line(9, "USD")).0);
    let (is_good, text) = shell.import(&line(2, "UDS"));
    assert!(!is_good, "{text}");
    for part in ["nothing was imported: 1 lines are in UDS", "when the history was in USD", "correct them"] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(shell.run(&["export"]).1, line(9, "USD"));
    for _ in 0..2 {
        assert!(shell.import(&line(20, "EUR")).0);
    }
}

#[test]
fn a_history_of_another_client_id_is_neither_exported_nor_mistaken_for_this_one() {
    let shell = Shell::new();
    assert!(shell.import(&records()).0);
    let output = shell.command(&["export"]).env("AIRALO_CLIENT_ID", "new").output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        output.stdout.is_empty() && text.contains("no history of this AIRALO_CLIENT_ID, but of another one"),
        "{text}"
    );

    let file = shell.directory.path().join("import.csv");
    let import = |id: &str| {
        let mut command = shell.command(&["import", file.to_str().unwrap()]);
        let output = command.env("AIRALO_CLIENT_ID", id).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(import("new").contains("This is a new history"), "{text}");
    assert_eq!(import("new"), "");
    assert_eq!(import("id"), "");
    assert_eq!(shell.run(&["export"]).1, records());
}

#[test]
fn without_a_history_the_remedy_is_named() {
    let credentials = [("AIRALO_CLIENT_ID", "id"), ("AIRALO_CLIENT_SECRET", "hunter2")];
    let output = proxy_command(&["history", "export"], &credentials).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && stderr.contains("set HISTORY or REDIS_URL"), "{stderr}");

    let shell = Shell::new();
    let (is_good, text) = shell.run(&["import", "no-such-file.csv"]);
    assert!(!is_good && text.contains("no-such-file.csv cannot be read"), "{text}");
    let (is_good, text) = shell.run(&["export", "--since", "yesterday"]);
    assert!(!is_good && text.contains("must be a date such as 2026-11-20"), "{text}");
}

#[test]
fn an_import_into_a_directory_that_is_not_there_says_what_makes_it() {
    let shell = Shell::new();
    let (kept, nested) = (tempfile::tempdir().unwrap(), "not/there");
    let csv = shell.directory.path().join("import.csv");
    std::fs::write(&csv, records()).unwrap();
    let directory = kept.path().join(nested);
    let mut command = shell.command(&["import", csv.to_str().unwrap()]);
    let output = command.env("HISTORY", directory.join("history.db")).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && text.contains("create it"), "{text}");
    assert!(!directory.exists());
}
