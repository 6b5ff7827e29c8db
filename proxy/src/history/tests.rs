use super::*;
use crate::database::Database;
use crate::redis_link::test_server::Redis;
use airalo_balance::model::{Balance, Problem};
use jiff::SignedDuration;
use std::path::Path;
use tempfile::TempDir;

const ACCOUNT: &str = "account";

fn time(minutes: i64) -> Timestamp {
    "2026-11-20T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

fn balance(name: &str, amount: &str, currency: &str) -> Balance {
    Balance {
        name: name.to_owned(),
        amount: amount.parse().unwrap(),
        currency: Currency::new(currency).unwrap(),
    }
}

fn reading_of(minutes: i64, balances: &[Balance]) -> Reading {
    Reading { account: ACCOUNT.into(), at: time(minutes), result: Ok(balances.into()) }
}

fn reading(minutes: i64, amount: &str) -> Reading {
    reading_of(minutes, &[balance("balance", amount, "USD")])
}

async fn open(path: &Path) -> (History, Database) {
    let database = Database::open(path).await.unwrap();
    let store = Store::Sqlite(SqliteHistory::new(database.clone()));
    let history = History::new(store, ACCOUNT, Metrics::default());
    history.load(time(0)).await.unwrap();
    (history, database)
}

/// A history in a file of its own.
async fn new_history() -> (History, Database, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let (history, database) = open(&directory.path().join("history.db")).await;
    (history, database, directory)
}

fn view(history: &History, minutes: i64) -> HistoryView {
    history.view(&history.view_id(30, time(minutes)))
}

/// Minutes and amounts of the points.
fn points(history: &History, minutes: i64) -> Vec<(i64, String)> {
    let point = |sample: &Sample| ((sample.at - time(0).as_second()) / 60, sample.amount.to_string());
    view(history, minutes).points.iter().map(point).collect()
}

fn strings(points: &[(i64, &str)]) -> Vec<(i64, String)> {
    points.iter().map(|(minutes, amount)| (*minutes, (*amount).to_owned())).collect()
}

/// Has SQLite say that the disk is full as soon as the file has to grow.
async fn fill_the_disk(database: &Database) {
    let pages = database.call(|db| db.pragma_query_value(None, "page_count", |row| row.get::<_, i64>(0)));
    let pages = pages.await.unwrap();
    database.call(move |db| db.pragma_update(None, "max_page_count", pages)).await.unwrap();
}

async fn empty_the_disk(database: &Database) {
    database.call(|db| db.pragma_update(None, "max_page_count", 1_000_000)).await.unwrap();
}

#[tokio::test]
async fn what_is_recorded_is_there_after_a_restart_with_every_digit() {
    let (history, _, directory) = new_history().await;
    for (minutes, amount) in [(0, "12345678901234567.89"), (1, "12345678901234567.89"), (2, "-0.5")] {
        history.record(&reading(minutes, amount)).await;
    }
    let expected = strings(&[(0, "12345678901234567.89"), (2, "-0.5")]);
    assert_eq!(points(&history, 2), expected);
    drop(history);
    let (again, _) = open(&directory.path().join("history.db")).await;
    assert_eq!(points(&again, 2), expected);
    assert_eq!(view(&again, 2).currency.unwrap().code(), "USD");
}

#[tokio::test]
async fn a_reading_that_failed_or_is_of_another_account_is_not_recorded() {
    let (history, ..) = new_history().await;
    history.record(&reading(0, "5")).await;
    history.record(&Reading { result: Err(Problem::Upstream), ..reading(1, "4") }).await;
    history.record(&Reading { account: "other".into(), ..reading(2, "3") }).await;
    assert_eq!(points(&history, 3), strings(&[(0, "5")]));
}

#[tokio::test]
async fn the_history_is_that_of_the_first_balance_in_its_present_currency() {
    let (history, _, directory) = new_history().await;
    history.record(&reading(0, "5")).await;
    history.record(&reading_of(1, &[balance("balance", "4", "EUR"), balance("other", "9", "USD")])).await;
    assert_eq!(points(&history, 2), strings(&[(1, "4")]));
    let (again, _) = open(&directory.path().join("history.db")).await;
    assert_eq!(view(&again, 2).currency.unwrap().code(), "EUR");
    // What it was before the other currency came is another balance: nobody has spent the difference.
    again.record(&reading(3, "2")).await;
    assert_eq!(points(&again, 3), strings(&[(3, "2")]));
    again.record(&reading(4, "1")).await;
    let (after_restart, _) = open(&directory.path().join("history.db")).await;
    for history in [&history, &again, &after_restart] {
        history.sync(time(4)).await;
        assert_eq!(points(history, 4), strings(&[(3, "2"), (4, "1")]));
    }
}

#[tokio::test]
async fn a_currency_that_changes_and_changes_back_is_no_use_and_no_credit() {
    let (history, _, _directory) = new_history().await;
    for (minutes, amount, currency) in
        [(0, "1000", "USD"), (10, "900", "USD"), (20, "800", "EUR"), (30, "100", "EUR"), (40, "300", "USD")]
    {
        history.record(&reading_of(minutes, &[balance("balance", amount, currency)])).await;
    }
    history.record(&reading(50, "250")).await;
    assert_eq!(points(&history, 50), strings(&[(40, "300"), (50, "250")]));
    let spent: Vec<_> = view(&history, 50).days.iter().map(|day| day.spent.to_string()).collect();
    assert_eq!(spent, ["50"]);
    let text = history.0.metrics.render().unwrap();
    // 100 before the change, 700 in euros, and 50 after it.
    assert!(text.contains("airalo_spent_total 850.0\n"), "{text}");
    assert!(text.contains("airalo_credited_total 0.0\n"), "{text}");
}

#[tokio::test]
async fn two_balances_of_one_name_in_two_currencies_at_a_time_are_no_change_of_currency() {
    let (history, _, _directory) = new_history().await;
    for (minutes, usd, eur) in [(0, "9", "5"), (10, "8", "4"), (20, "8", "3")] {
        let both = [balance("balance", usd, "USD"), balance("balance", eur, "EUR")];
        history.record(&reading_of(minutes, &both)).await;
    }
    assert_eq!(points(&history, 20), strings(&[(0, "9"), (10, "8"), (20, "8")]));
}

#[tokio::test]
async fn what_the_history_is_about_is_known_after_a_restart_though_no_sample_was_new() {
    let (history, _, directory) = new_history().await;
    let (usd, eur) = (balance("balance", "5", "USD"), balance("other", "9", "EUR"));
    history.record(&reading_of(0, &[usd.clone(), eur.clone()])).await;
    history.record(&reading_of(1, &[eur, usd])).await;
    let (again, _) = open(&directory.path().join("history.db")).await;
    assert_eq!(view(&again, 2).currency.unwrap().code(), "EUR");
}

#[tokio::test]
async fn readings_within_one_second_are_all_recorded() {
    let (history, ..) = new_history().await;
    for amount in ["5", "4", "504"] {
        history.record(&reading(0, amount)).await;
    }
    let view = view(&history, 1);
    assert_eq!((view.points.len(), view.credits.len()), (3, 1));
}

#[tokio::test]
async fn with_other_credentials_it_is_the_history_of_the_other_account() {
    let (history, ..) = new_history().await;
    history.record(&reading(0, "5")).await;
    history.use_account("other");
    assert!(view(&history, 1).is_incomplete, "it is not read yet");
    history.record(&Reading { account: "other".into(), ..reading(1, "700") }).await;
    assert_eq!(points(&history, 1), strings(&[(1, "700")]));
    history.use_account(ACCOUNT);
    history.sync(time(2)).await;
    assert_eq!(points(&history, 2), strings(&[(0, "5")]));
}

#[tokio::test]
async fn a_reading_is_not_of_the_account_that_comes_while_it_is_recorded() {
    let (history, database, _directory) = new_history().await;
    let (release, released) = std::sync::mpsc::channel::<()>();
    let blocked = database.call(move |_| {
        let _ = released.recv();
        Ok::<_, crate::database::DatabaseError>(())
    });
    let (recording, reading) = (history.clone(), reading(0, "5"));
    let record = async {
        tokio::join!(recording.record(&reading), async {
            // The recording waits for the file by now.
            history.use_account("other");
            drop(release);
        })
    };
    let _ = tokio::join!(blocked, record);
    assert_eq!(points(&history, 1), strings(&[]));
    history.record(&Reading { account: "other".into(), ..self::reading(2, "700") }).await;
    assert_eq!(points(&history, 2), strings(&[(2, "700")]));
    history.use_account(ACCOUNT);
    history.sync(time(3)).await;
    assert_eq!(points(&history, 3), strings(&[]), "it is not written for the old account either");
}

#[tokio::test]
async fn what_another_process_writes_is_seen() {
    let (history, _, directory) = new_history().await;
    history.record(&reading(10, "5")).await;
    let before = history.view_id(30, time(11));
    history.sync(time(11)).await;
    assert_eq!(history.view_id(30, time(11)), before, "nothing has changed");

    let (other, _) = open(&directory.path().join("history.db")).await;
    let entry = |minutes, amount: &str| Entry {
        series: Series::of(&balance("balance", amount, "USD")),
        sample: Sample { at: time(minutes).as_second(), amount: amount.parse().unwrap() },
    };
    other.0.store.write(ACCOUNT, None, &[entry(0, "9"), entry(10, "6")]).await.unwrap();
    history.sync(time(11)).await;
    assert_eq!(points(&history, 11), strings(&[(0, "9"), (10, "6")]));
}

#[tokio::test]
async fn what_is_appended_by_another_process_is_all_that_is_read_then() {
    let (history, database, directory) = new_history().await;
    let (other, _) = open(&directory.path().join("history.db")).await;
    other.record(&reading(0, "9")).await;
    history.sync(time(0)).await;
    // Nobody writes like this; it shows that this sample is not read a second time.
    database.call(|db| db.execute("UPDATE sample SET amount = '1'", [])).await.unwrap();
    other.record(&reading(10, "8")).await;
    history.sync(time(10)).await;
    assert_eq!(points(&history, 10), strings(&[(0, "9"), (10, "8")]));

    other
        .0
        .store
        .delete(ACCOUNT, &Series::of(&balance("balance", "8", "USD")), vec![time(10).as_second()])
        .await
        .unwrap();
    history.sync(time(10)).await;
    assert_eq!(points(&history, 10), strings(&[(0, "1")]));
}

/// The alerts write with each reading, by a connection of their own.
#[tokio::test]
async fn what_else_is_written_to_the_file_has_no_sample_read_again() {
    let (history, _, directory) = new_history().await;
    history.record(&reading(0, "5")).await;
    let before = history.view_id(30, time(1));
    let alerts = Database::open(&directory.path().join("history.db")).await.unwrap();
    let state = "INSERT INTO alert_state (account, state) VALUES ('account', '{}')";
    alerts.call(move |db| db.execute(state, [])).await.unwrap();
    history.record(&reading(1, "5")).await;
    assert_eq!(history.view_id(30, time(1)), before);
}

#[tokio::test]
async fn while_the_disk_is_full_samples_are_kept_in_memory_and_written_when_it_is_not() {
    let (history, database, directory) = new_history().await;
    history.record(&reading(0, "9000")).await;
    fill_the_disk(&database).await;
    for minutes in 1..1_000 {
        history.record(&reading(minutes, &(9_000 - minutes).to_string())).await;
    }
    assert!(view(&history, 1_000).is_incomplete);
    assert_eq!(history.samples().1.len(), 1_000, "readers have them all");
    let (other, _) = open(&directory.path().join("history.db")).await;
    assert!(other.samples().1.len() < 900, "the disk was not full");

    empty_the_disk(&database).await;
    history.sync(time(1_001)).await;
    assert!(!view(&history, 1_001).is_incomplete);
    assert_eq!(history.samples().1.len(), 1_000);
    let (other, _) = open(&directory.path().join("history.db")).await;
    assert!(*other.samples().1 == *history.samples().1, "the file lacks samples");
}

#[tokio::test]
async fn a_disk_that_stays_full_costs_the_oldest_samples_and_not_the_memory() {
    let mut memory = Memory::new(ACCOUNT, 0);
    for minutes in 0..10_010 {
        memory.take_reading(&[balance("balance", &minutes.to_string(), "USD")], minutes * 60);
    }
    let unwritten = memory.try_unwritten();
    assert_eq!((unwritten.len(), unwritten[0].sample.at), (10_000, 600));
    assert!(memory.is_incomplete() && memory.has_lost);
}

#[tokio::test]
async fn a_sample_that_another_replica_writes_between_a_reading_and_its_own_is_not_missed() {
    let Some(redis) = Redis::start() else { return };
    let store = || Store::Redis(RedisHistory::new(redis.link()));
    let history = History::new(store(), ACCOUNT, Metrics::default());
    history.record(&reading(0, "9")).await;

    let late = reading(1, "8");
    let entry = Entry {
        series: Series::of(&balance("balance", "8", "USD")),
        sample: Sample { at: late.at.as_second(), amount: "8".parse().unwrap() },
    };
    assert!(history.read_store(ACCOUNT, &[]).await);
    store().write(ACCOUNT, None, &[entry]).await.unwrap();
    history.lock().take_reading(&[balance("balance", "7", "USD")], time(2).as_second());
    history.write(ACCOUNT, time(2).as_second()).await;
    history.sync(time(3)).await;
    assert_eq!(points(&history, 3), strings(&[(0, "9"), (1, "8"), (2, "7")]));
}

/// What two replicas without the store have read in the same second, of which the first one is written.
fn merged(stored: &str, own: &str) -> Vec<(i64, String)> {
    let mut memory = Memory::new(ACCOUNT, 0);
    memory.take_reading(&[balance("balance", own, "USD")], 60);
    let sample = Sample { at: 60, amount: stored.parse().unwrap() };
    memory.take_stored(&Series::of(&balance("balance", stored, "USD")), vec![sample], true);
    let samples = memory.primary_samples().unwrap();
    let unwritten: Vec<_> = memory.try_unwritten().into_iter().map(|entry| entry.sample).collect();
    assert_eq!(unwritten, samples[1..], "the stored one is not written again");
    samples.iter().map(|sample| (sample.at, sample.amount.to_string())).collect()
}

#[test]
fn what_another_replica_has_recorded_in_the_same_second_counts_alone() {
    for own in ["5", "4", "6"] {
        assert_eq!(merged("5", own), strings(&[(60, "5")]), "{own}");
    }
}

#[tokio::test]
async fn a_clock_that_jumps_loses_nothing() {
    let (history, ..) = new_history().await;
    for minutes in [0, 10, 20] {
        history.record(&reading(minutes, &minutes.to_string())).await;
    }
    // Four years ahead, then in 1970, and then right again.
    let ahead = 4 * 365 * 1_440;
    history.record(&reading(ahead, "7")).await;
    history.record(&reading(-time(0).as_second() / 60 + 5, "8")).await;
    assert_eq!(history.samples().1.len(), 5);
    history.record(&reading(30, "30")).await;
    assert_eq!(points(&history, 30), strings(&[(0, "0"), (10, "10"), (20, "20"), (30, "30")]));
}

#[tokio::test]
async fn old_samples_are_rolled_up_in_the_file_too() {
    let (history, _, directory) = new_history().await;
    let series = Series::of(&balance("balance", "1", "USD"));
    let old: Vec<_> = (0..60 * 96)
        .map(|n| Sample { at: time(15 * n).as_second(), amount: (100_000 - n).to_string().parse().unwrap() })
        .map(|sample| Entry { series: series.clone(), sample })
        .collect();
    history.0.store.write(ACCOUNT, Some(&series), &old).await.unwrap();
    let (history, _) = open(&directory.path().join("history.db")).await;
    history.record(&reading(60 * 1_440, "5")).await;
    let kept = history.samples().1;
    assert!(kept.len() < 36 * 96 + 25 * 4, "{}", kept.len());
    let (again, _) = open(&directory.path().join("history.db")).await;
    assert_eq!(&*again.samples().1, &*kept);
}

#[tokio::test]
async fn use_and_credit_are_counted_once() {
    let (history, _, directory) = new_history().await;
    for (minutes, amount) in [(0, "100"), (1, "99.5"), (2, "99.5"), (3, "600"), (4, "590")] {
        history.record(&reading(minutes, amount)).await;
    }
    let text = history.0.metrics.render().unwrap();
    assert!(text.contains("\nairalo_spent_total 10.5\n"), "{text}");
    assert!(text.contains("\nairalo_credited_total 500.5\n"), "{text}");
    // After a restart it is counted from zero, and what was spent meanwhile is not lost.
    let (again, _) = open(&directory.path().join("history.db")).await;
    again.record(&reading(5, "580")).await;
    let text = again.0.metrics.render().unwrap();
    assert!(
        text.contains("\nairalo_spent_total 10\n") || text.contains("\nairalo_spent_total 10.0\n"),
        "{text}"
    );
}

#[tokio::test]
async fn without_a_sample_the_view_is_empty_and_not_zero() {
    let (history, ..) = new_history().await;
    let view = view(&history, 0);
    assert_eq!((view.currency, view.points.len(), view.days.len(), view.forecast), (None, 0, 0, None));
    assert!(!view.is_incomplete);
}

#[tokio::test]
async fn a_view_is_of_its_days_and_the_same_until_there_is_a_new_sample() {
    let (history, ..) = new_history().await;
    let day = 1_440;
    for days in 0..40 {
        history.record(&reading(days * day + 720, &(1_000 - days).to_string())).await;
    }
    let now = 39 * day + 720;
    let id = history.view_id(7, time(now));
    let week = history.view(&id);
    assert_eq!((week.points.len(), week.days.len()), (8, 7));
    assert_eq!(week.to - week.from, 7 * 86_400);
    assert_eq!(history.view_id(7, time(now + 50)), id);
    // Where nothing is recorded any more, the view goes on to the present.
    assert_ne!(history.view_id(7, time(now + 61)), id);
    history.record(&reading(now + 1, "7")).await;
    assert_ne!(history.view_id(7, time(now + 1)), id);
}
