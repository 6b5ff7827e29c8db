use super::*;
use crate::model::{BalanceResponse, FetchedAt, HistoryResponse, Reading, State};
use serde_json::json;

fn state(amount: &str) -> State {
    let text = format!(
        r#"{{"data":{{"balances":{{"name":"balance","availableBalance":{{"amount":{amount},"currency":"USD"}}}}}},"meta":{{"message":"success"}}}}"#
    );
    let response = BalanceResponse::parse(&text).unwrap();
    State::default().loaded(Reading {
        balances: response.balances.into(),
        fetched_at: Some(FetchedAt { time: 1_000, elapsed: 0 }),
        stale: false,
        reason: None,
        refreshing: false,
        history: false,
    })
}

fn poll(state: State, failure: u32) -> PollState {
    PollState { state, failure, ..PollState::default() }
}

#[test]
fn a_snapshot_holds_the_amount_as_text() {
    let snapshot =
        serde_json::to_value(Snapshot::new(&poll(state("12345678901234567.89"), 0), Level::Low)).unwrap();
    assert_eq!(
        snapshot,
        json!({
            "state": "ready",
            "balances": [{"name": "balance", "amount": "12345678901234567.89", "currency": "USD"}],
            "level": "low",
            "fetchedAt": 1000,
            "stale": false,
            "error": null,
            "forecast": null
        })
    );
}

#[test]
fn a_snapshot_holds_the_forecast_of_its_balance_and_of_no_other() {
    let history = |currency: &str| {
        let forecast =
            r#"{"spent_per_day":25.10,"days_left":{"low":6,"middle":9,"high":null},"runs_out":"2026-12-04"}"#;
        let text = format!(r#"{{"data":{{"currency":"{currency}","forecast":{forecast}}}}}"#);
        Some(Rc::new(HistoryResponse::parse(&text).unwrap().unwrap()))
    };
    let forecast = |currency| {
        let poll = PollState { history: history(currency), ..poll(state("225.35"), 0) };
        serde_json::to_value(Snapshot::new(&poll, Level::Ok)).unwrap()["forecast"].clone()
    };
    assert_eq!(
        forecast("USD"),
        json!({"daysLeft": {"low": 6, "middle": 9, "high": null}, "spentPerDay": "25.1", "runsOut": "2026-12-04"})
    );
    assert_eq!(forecast("EUR"), json!(null));
}

#[test]
fn ready_comes_once_and_a_change_only_when_something_changed() {
    let mut log = EventLog::default();
    assert_eq!(log.events(&PollState::default(), Level::Ok), []);
    let ready = log.events(&poll(state("5"), 0), Level::Ok);
    assert_eq!(ready, [Event::Ready(Snapshot::new(&poll(state("5"), 0), Level::Ok))]);
    assert_eq!(log.events(&poll(state("5.0"), 0), Level::Ok), []);
    let events = log.events(&poll(state("4"), 0), Level::Ok);
    let balance = |amount| json!([{"name": "balance", "amount": amount, "currency": "USD"}]);
    assert_eq!(events.iter().map(Event::name).collect::<Vec<_>>(), ["change"]);
    assert_eq!(
        serde_json::to_value(&events[0]).unwrap(),
        json!({"balances": balance("4"), "previous": balance("5")})
    );
}

#[test]
fn every_failure_is_an_event_although_the_card_looks_the_same() {
    let mut log = EventLog::default();
    let failed = State::default().failed(ErrorCode::Timeout.into());
    for failures in 1..=2 {
        let events = log.events(&poll(failed.clone(), failures), Level::Ok);
        assert_eq!(events, [Event::Error((&FetchError::from(ErrorCode::Timeout)).into())]);
    }
    assert_eq!(log.events(&poll(failed, 2), Level::Ok), [], "the same failure is no second event");
}

#[test]
fn a_level_is_reported_when_it_changes_and_survives_an_unknown_balance() {
    let mut log = EventLog::default();
    let mut levels = |state: State, level| {
        let events = log.events(&poll(state, 0), level);
        let levels = events.into_iter().filter(|event| event.name() == "level");
        levels.map(|event| serde_json::to_value(event).unwrap()).collect::<Vec<_>>()
    };
    let change = |previous, level| json!({"level": level, "previous": previous});
    assert_eq!(levels(state("150"), Level::Low), [change("ok", "low")]);
    assert_eq!(levels(state("150"), Level::Low), [] as [serde_json::Value; 0]);
    assert_eq!(levels(State::Loading, Level::Ok), [] as [serde_json::Value; 0]);
    assert_eq!(levels(state("5"), Level::Critical), [change("low", "critical")]);
}

#[test]
fn a_snapshot_has_the_reason_of_the_server_and_no_event_repeats_it() {
    let State::Loaded { reading, .. } = state("150") else { panic!("it is loaded") };
    let reason = Some(Problem::UpstreamTimeout);
    let poll = poll(State::default().loaded(Reading { stale: true, reason, ..reading }), 0);
    let snapshot = serde_json::to_value(Snapshot::new(&poll, Level::Ok)).unwrap();
    assert_eq!((&snapshot["state"], &snapshot["stale"]), (&json!("ready"), &json!(true)));
    assert_eq!(snapshot["error"]["code"], "timeout");
    assert_eq!(snapshot["error"]["problem"], "upstream-timeout");
    let names: Vec<_> = EventLog::default().events(&poll, Level::Ok).iter().map(Event::name).collect();
    assert_eq!(names, ["ready"]);
}

#[test]
fn the_pause_that_a_server_wants_is_given_in_seconds() {
    let error = FetchError::from_status(429, "", Some(30_000));
    let detail = serde_json::to_value(ErrorDetail::from(&error)).unwrap();
    assert_eq!(
        detail,
        json!({"code": "rate-limited", "problem": null, "retryable": true, "status": 429, "retryAfter": 30.0})
    );
}
