use super::*;
use crate::alerts::core::{Rules, State};
use crate::balances::Reading;
use crate::database::Database;
use crate::redis_link::test_server::Redis;
use airalo_balance::model::{Balance, Currency, Thresholds};
use jiff::Timestamp;

const LEASE: Duration = Duration::from_secs(30);

fn channels() -> Vec<String> {
    vec!["webhook".to_owned(), "mail a@example.com".to_owned()]
}

/// The account of the tests.
const ACCOUNT: &str = "account";

fn in_redis(redis: &Redis) -> AlertStore {
    of_account(redis, ACCOUNT)
}

fn of_account(redis: &Redis, account: &str) -> AlertStore {
    AlertStore::Redis(RedisAlerts::new(redis.link(), account))
}

/// A reading of a balance of nothing, which is told at once.
fn used_up(at: i64) -> Change {
    let at = Timestamp::from_second(at).unwrap();
    let balance = Balance {
        name: String::new(),
        amount: "0".parse().unwrap(),
        currency: Currency::new("USD").unwrap(),
    };
    let reading = Reading { account: "account".into(), at, result: Ok(vec![balance].into()) };
    let rules =
        Rules { amounts: Thresholds::default(), days: Thresholds::default(), unreadable_after: LEASE };
    Arc::new(move |state: State| state.evaluate(&reading, None, &rules))
}

/// A change that tells something each time.
fn forgetful(at: i64) -> Change {
    let change = used_up(at);
    Arc::new(move |_| change(State::default()))
}

async fn claimed(store: &AlertStore, channel: &str) -> (Message, u32) {
    match store.claim(channel, LEASE).await.unwrap() {
        Claim::Message { message, failures } => (message, failures),
        Claim::Wait(wait) => panic!("nothing is due: {wait:?}"),
    }
}

async fn queues_behave(store: &AlertStore, other: &AlertStore) {
    let channels = channels();
    assert_eq!(store.claim("webhook", LEASE).await.unwrap(), Claim::Wait(None));

    // The same reading, evaluated by two processes, is told once.
    let first = store.change(ACCOUNT, &channels, used_up(60)).await.unwrap();
    assert_eq!((first.len(), first[0].kind.as_str()), (1, "balance.critical"));
    assert!(other.change(ACCOUNT, &channels, used_up(60)).await.unwrap().is_empty());
    assert!(other.change(ACCOUNT, &channels, used_up(120)).await.unwrap().is_empty());

    // One process at a time delivers; the other channel has the same message.
    let (message, failures) = claimed(store, "webhook").await;
    assert_eq!((failures, &message.alert), (0, &first[0]));
    assert!(matches!(other.claim("webhook", LEASE).await.unwrap(), Claim::Wait(Some(wait)) if wait <= LEASE));
    assert_eq!(claimed(other, "mail a@example.com").await.0, message);
    other.settle("mail a@example.com", &message, Outcome::Done).await.unwrap();
    assert_eq!(other.claim("mail a@example.com", LEASE).await.unwrap(), Claim::Wait(None));

    // After a failure it waits, and then comes again with the number of failures.
    store.settle("webhook", &message, Outcome::Later(Duration::from_secs(20))).await.unwrap();
    assert!(
        matches!(other.claim("webhook", LEASE).await.unwrap(), Claim::Wait(Some(wait)) if wait > LEASE / 2)
    );
    store.settle("webhook", &message, Outcome::Later(Duration::ZERO)).await.unwrap();
    assert_eq!(claimed(other, "webhook").await, (message.clone(), 2));
    other.settle("webhook", &message, Outcome::Later(Duration::from_secs(20))).await.unwrap();

    // A new message is a reason to try at once, and the older one comes first unless it is refused.
    let second = store.change(ACCOUNT, &channels, forgetful(180)).await.unwrap();
    assert_eq!(claimed(store, "webhook").await, (message.clone(), 3));
    store.settle("webhook", &message, Outcome::Behind(Duration::ZERO)).await.unwrap();
    let (newer, failures) = claimed(store, "webhook").await;
    assert_eq!((&newer.alert, failures), (&second[0], 4));
    assert_ne!(newer.id, message.id);
    store.settle("webhook", &newer, Outcome::Done).await.unwrap();
    assert_eq!(claimed(store, "webhook").await, (message.clone(), 0));

    // What is recorded a second time takes nobody's lease away.
    for outcome in [Outcome::Done, Outcome::Later(Duration::ZERO), Outcome::Behind(Duration::ZERO)] {
        other.settle("webhook", &newer, outcome).await.unwrap();
        assert!(
            matches!(other.claim("webhook", LEASE).await.unwrap(), Claim::Wait(Some(wait)) if wait <= LEASE)
        );
    }
    store.settle("webhook", &message, Outcome::Done).await.unwrap();
    assert_eq!(store.claim("webhook", LEASE).await.unwrap(), Claim::Wait(None));
}

/// No more than the attempts of a change, each of which fails only where another one has succeeded.
async fn two_at_a_time(store: AlertStore, other: AlertStore) {
    let channels = channels();
    let changes = (0..8_i64).map(|index| {
        let (store, channels) = (if index % 2 == 0 { &store } else { &other }.clone(), channels.clone());
        tokio::spawn(
            async move { store.change("racing", &channels, used_up(60 + index)).await.unwrap().len() },
        )
    });
    let mut told = 0;
    for change in changes.collect::<Vec<_>>() {
        told += change.await.unwrap();
    }
    assert_eq!(told, 1);
}

#[tokio::test]
async fn messages_in_a_file_are_neither_lost_nor_doubled() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("history.db");
    let open = async || AlertStore::Sqlite(SqliteAlerts::new(Database::open(&path).await.unwrap()));
    let (store, other) = (open().await, open().await);
    queues_behave(&store, &other).await;
    two_at_a_time(store, other).await;
}

#[tokio::test]
async fn messages_in_redis_are_neither_lost_nor_doubled() {
    let Some(redis) = Redis::start() else { return };
    queues_behave(&in_redis(&redis), &in_redis(&redis)).await;
    two_at_a_time(in_redis(&redis), in_redis(&redis)).await;
}

#[tokio::test]
async fn after_a_reload_with_another_account_each_level_is_told_once_also_by_a_replica_that_starts_with_it() {
    let Some(redis) = Redis::start() else { return };
    let (reloaded, started) = (of_account(&redis, "first"), of_account(&redis, "second"));
    reloaded.use_account("second");
    assert_eq!(reloaded.change("second", &channels(), used_up(60)).await.unwrap().len(), 1);
    assert_eq!(started.change("second", &channels(), used_up(120)).await.unwrap().len(), 0);
    let (message, _) = claimed(&started, "webhook").await;
    started.settle("webhook", &message, Outcome::Done).await.unwrap();
    assert_eq!(reloaded.claim("webhook", LEASE).await.unwrap(), Claim::Wait(None));
}

#[tokio::test]
async fn what_waits_when_a_reload_brings_another_account_is_delivered_also_after_a_restart() {
    let Some(redis) = Redis::start() else { return };
    let store = of_account(&redis, "first");
    let first = store.change("first", &channels(), used_up(60)).await.unwrap();
    store.use_account("second");
    let second = store.change("second", &channels(), used_up(120)).await.unwrap();
    let (message, _) = claimed(&store, "webhook").await;
    assert_eq!(message.alert, first[0]);
    store.settle("webhook", &message, Outcome::Later(Duration::ZERO)).await.unwrap();

    let restarted = of_account(&redis, "second");
    for (expected, failures) in [(&first[0], 1), (&second[0], 0)] {
        let (message, failed) = claimed(&restarted, "webhook").await;
        assert_eq!((&message.alert, failed), (expected, failures));
        restarted.settle("webhook", &message, Outcome::Done).await.unwrap();
    }
    assert_eq!(restarted.claim("webhook", LEASE).await.unwrap(), Claim::Wait(None));

    assert_eq!(store.claim("webhook", LEASE).await.unwrap(), Claim::Wait(None));
    // A reading of the old account was on its way during the reload.
    store.change("first", &channels(), forgetful(180)).await.unwrap();
    assert!(matches!(store.claim("webhook", LEASE).await.unwrap(), Claim::Message { .. }));
}

#[tokio::test]
async fn a_lease_ends_with_its_time_and_the_message_is_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(&directory.path().join("history.db")).await.unwrap();
    let mut stores = vec![AlertStore::Sqlite(SqliteAlerts::new(database))];
    let redis = Redis::start();
    stores.extend(redis.iter().map(in_redis));
    for store in stores {
        store.change("account", &channels(), used_up(60)).await.unwrap();
        let claim = store.claim("webhook", Duration::ZERO).await.unwrap();
        assert!(matches!(claim, Claim::Message { .. }));
        assert_eq!(store.claim("webhook", LEASE).await.unwrap(), claim);
    }
}

#[tokio::test]
async fn while_the_disk_is_full_nothing_is_told_and_then_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(&directory.path().join("history.db")).await.unwrap();
    let store = AlertStore::Sqlite(SqliteAlerts::new(database.clone()));
    let limit = async |pages: u32| {
        let set = database.call(move |db| db.pragma_update(None, "max_page_count", pages));
        // SQLite answers with the limit.
        let _ = set.await;
    };
    // Many recipients need more than the pages that are there.
    let many: Vec<_> = (0..2_000).map(|index| format!("mail {index}@example.com")).collect();
    limit(1).await;
    assert!(store.change("account", &many, used_up(60)).await.is_err());
    limit(1_000_000).await;
    assert_eq!(store.change("account", &many, used_up(120)).await.unwrap().len(), 1);
    assert!(matches!(store.claim(&many[1_999], LEASE).await.unwrap(), Claim::Message { .. }));
}

#[tokio::test]
async fn messages_for_a_channel_that_is_gone_are_forgotten() {
    let store = AlertStore::Sqlite(SqliteAlerts::new(Database::in_memory().await.unwrap()));
    store.change("account", &channels(), used_up(60)).await.unwrap();
    assert_eq!(store.forget_other_channels(&channels()).await.unwrap(), 0);
    assert_eq!(store.forget_other_channels(&["webhook".to_owned()]).await.unwrap(), 1);
    assert!(matches!(store.claim("webhook", LEASE).await.unwrap(), Claim::Message { .. }));
}

#[test]
fn a_state_that_cannot_be_read_counts_as_none() {
    for json in ["", "{}", "[]", r#"{"version":2,"state":{}}"#, "not json"] {
        assert_eq!(values::read_state(json), State::default(), "{json}");
    }
    let (state, _) = used_up(60)(State::default());
    assert_eq!(values::read_state(&values::write_state(state.clone()).unwrap()), state);
}
