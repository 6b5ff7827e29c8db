use super::*;

#[tokio::test]
async fn a_file_is_opened_again_with_what_was_written() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("history.db");
    let database = Database::open(&path).await.unwrap();
    database.call(|db| db.execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (7)")).await.unwrap();
    let again = Database::open(&path).await.unwrap();
    let value = again.call(|db| db.query_row("SELECT x FROM t", [], |row| row.get::<_, i64>(0)));
    assert_eq!(value.await.unwrap(), 7);
}

#[tokio::test]
async fn a_file_of_an_earlier_version_is_brought_up_to_date_and_keeps_what_it_has() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("history.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    MIGRATIONS[..2].iter().for_each(|migration| old.execute_batch(migration).unwrap());
    old.execute_batch(
        "INSERT INTO series VALUES (7, 'account', 'balance', 'USD');
         INSERT INTO first_series VALUES ('account', 7);
         PRAGMA user_version = 2",
    )
    .unwrap();
    drop(old);
    let database = Database::open(&path).await.unwrap();
    let query = "SELECT name FROM series JOIN primary_series ON series = id";
    let name = database.call(move |db| db.query_row(query, [], |row| row.get::<_, String>(0)));
    assert_eq!(name.await.unwrap(), "balance");
    Database::open(&path).await.unwrap();
}

#[tokio::test]
async fn a_file_of_a_later_version_is_refused_and_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("history.db");
    let database = Database::open(&path).await.unwrap();
    database.call(|db| db.pragma_update(None, "user_version", 1_000)).await.unwrap();
    assert!(matches!(Database::open(&path).await, Err(DatabaseError::TooNew)));
    let version = database.call(|db| db.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0)));
    assert_eq!(version.await.unwrap(), 1_000);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_an_error_and_not_a_loss() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    std::fs::write(&path, "not a database, but somebody's notes ".repeat(100)).unwrap();
    assert!(matches!(Database::open_now_or_later(&path).await, Err(DatabaseError::Sqlite(_))));
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("not a database"));
}

#[tokio::test]
async fn a_file_that_may_only_be_read_is_an_error_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("history.db");
    Database::open(&path).await.unwrap().close().await;
    // So that it may also not be written by a test that root runs.
    let read_only = format!("file:{}?mode=ro", path.display());
    assert!(matches!(Database::open_now_or_later(read_only.as_ref()).await, Err(DatabaseError::ReadOnly)));
}

#[tokio::test]
async fn a_path_that_leads_nowhere_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("missing").join("history.db");
    assert!(matches!(Database::open_now_or_later(&path).await, Err(DatabaseError::Sqlite(_))));
}

#[tokio::test]
async fn a_file_that_another_process_keeps_is_opened_by_the_first_call_that_can() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("history.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    let database = Database::open_now_or_later(&path).await.unwrap();
    let count = async || {
        let query = "SELECT count(*) FROM sample";
        database.call(move |db| db.query_row(query, [], |row| row.get::<_, i64>(0))).await
    };
    assert!(matches!(count().await, Err(DatabaseError::Sqlite(_))));
    drop(other);
    assert_eq!(count().await.unwrap(), 0);
}
