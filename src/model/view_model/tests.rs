use super::*;
use crate::model::{FetchedAt, Reading};

/// Writes the arguments it is called with.
pub(crate) struct TestFormat;

impl Format for TestFormat {
    fn money(&self, amount: Amount, currency: &Currency) -> String {
        format!("{} {amount}", currency.code())
    }
    fn money_in_words(&self, amount: Amount, currency: &Currency) -> String {
        format!("{amount} of {}", currency.code())
    }
    fn date_time(&self, at: Millis) -> String {
        format!("t={at}")
    }
    fn relative_time(&self, count: Millis, unit: Unit) -> String {
        format!("{count} {}", unit.as_str())
    }
    fn timestamp(&self, at: Millis) -> String {
        format!("z={at}")
    }
    fn date(&self, day: i64) -> String {
        format!("d={day}")
    }
    fn days(&self, count: u32) -> String {
        format!("{count} days")
    }
    fn range(&self, low: u32, high: u32) -> String {
        format!("{low}–{high}")
    }
    fn count(&self, count: usize) -> String {
        count.to_string()
    }
}

const MINUTE: Millis = 60_000;

fn shown(balances: &[(&str, &str, &str)]) -> State {
    let balances = balances.iter().map(|(name, amount, currency)| Balance {
        name: (*name).to_owned(),
        amount: amount.parse().unwrap(),
        currency: Currency::new(currency).unwrap(),
    });
    State::default().loaded(Reading {
        balances: balances.collect(),
        fetched_at: Some(FetchedAt { time: 7, elapsed: 0 }),
        stale: false,
        reason: None,
        refreshing: false,
        history: false,
    })
}

fn view_of(poll: &PollState, level: Level, attributes: &[(&str, &str)], now: Millis) -> ViewModel {
    let (config, _) = Config::read(|name| {
        let value = attributes.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        value.or_else(|| (name == "proxy-url").then(|| "/api/balance".to_owned()))
    });
    let messages = Messages::default();
    let history = poll.history().map(|history| HistoryView::new(history, &messages, &TestFormat));
    let history = history.unwrap_or_default();
    ViewModel::new(
        Input { poll, level, config: &config, messages: &messages, now, copied: false, history: &history },
        &TestFormat,
    )
}

fn view(state: &State) -> ViewModel {
    view_of(&PollState { state: state.clone(), ..PollState::default() }, Level::Ok, &[], 0)
}

fn with_history(state: &State) -> PollState {
    let text = r#"{"data":{"currency":"USD",
        "points":[{"at":"2026-11-01T10:00:00Z","amount":420},{"at":"2026-11-20T10:00:00Z","amount":225.35}],
        "forecast":{"spent_per_day":25,"days_left":{"low":6,"middle":9,"high":14}}}}"#;
    let history = crate::model::HistoryResponse::parse(text).unwrap().unwrap();
    PollState { state: state.clone(), history: Some(history.into()), ..PollState::default() }
}

#[test]
fn the_history_is_shown_only_beside_its_own_balance_and_an_up_to_date_one() {
    let dollars = shown(&[("balance", "225.35", "USD")]);
    let shows = |poll: &PollState, attributes: &[(&str, &str)]| {
        let history = view_of(poll, Level::Ok, attributes, 0).history;
        (history.forecast.is_some(), history.trend.is_some())
    };
    assert_eq!(shows(&with_history(&dollars), &[]), (true, true));
    assert_eq!(shows(&with_history(&dollars), &[("no-trend", "")]), (true, false));
    assert_eq!(shows(&with_history(&dollars.failed(ErrorCode::Network.into())), &[]), (false, true));
    assert_eq!(shows(&with_history(&shown(&[("balance", "225.35", "EUR")])), &[]), (false, false));
    let several = shown(&[("a", "1", "USD"), ("b", "2", "USD")]);
    assert_eq!(shows(&with_history(&several), &[]), (false, false));
}

#[test]
fn nothing_is_forecast_where_nothing_is_left() {
    let poll = with_history(&shown(&[("balance", "0", "USD")]));
    assert_eq!(view_of(&poll, Level::Critical, &[], 0).history.forecast, None);
    let inline =
        view_of(&with_history(&shown(&[("b", "5", "USD")])), Level::Low, &[("variant", "inline")], 0);
    assert_eq!(
        inline.summary.as_deref(),
        Some("Available credit · Running low · About 9 days left (6–14) · As of t=7"),
        "a card of one line says it in its name"
    );
}

fn text(label: &Option<Label>) -> Option<&str> {
    label.as_deref()
}

#[test]
fn a_single_balance_needs_no_name() {
    let view = view(&shown(&[("balance", "225.35", "USD")]));
    assert_eq!(view.label, "Available credit");
    let amount = AmountLine {
        name: None,
        money: "USD 225.35".to_owned(),
        in_words: "225.35 of USD".to_owned(),
        negative: false,
        level: None,
    };
    assert_eq!(view.amounts, [amount]);
    assert_eq!((view.message, view.outdated, view.details, view.next_try), (None, None, None, None));
}

#[test]
fn the_card_says_when_the_balance_was_fetched_and_how_long_ago() {
    let poll = PollState { state: shown(&[("", "5", "USD")]), ..PollState::default() };
    let view = |now| view_of(&poll, Level::Ok, &[], now);
    assert_eq!(view(3 * MINUTE).as_of.as_deref(), Some("As of t=7"));
    assert_eq!(view(59_000).age.as_deref(), Some("0 second"));
    assert_eq!(view(3 * MINUTE).age.as_deref(), Some("-3 minute"));
    assert_eq!(view(26 * 60 * MINUTE).age.as_deref(), Some("-1 day"));
}

#[test]
fn several_balances_are_told_apart_by_name_or_currency() {
    let view = view(&shown(&[("Main", "1", "USD"), (" ", "2", "EUR")]));
    let names: Vec<_> = view.amounts.iter().filter_map(|line| line.name.as_deref()).collect();
    assert_eq!(names, ["Main", "EUR"]);
}

#[test]
fn a_zero_balance_is_shown_and_not_treated_as_missing() {
    let view = view(&shown(&[("balance", "0", "USD")]));
    assert_eq!(view.amounts[0].money, "USD 0");
    assert_eq!(view.message, None);
}

#[test]
fn the_six_things_that_must_not_be_confused_look_different() {
    let stale = shown(&[("", "5", "USD")]).failed(ErrorCode::Network.into());
    let all = [
        view(&State::Loading),
        view(&shown(&[("", "0", "USD")])),
        view(&shown(&[("", "-12.5", "USD")])),
        view(&shown(&[])),
        view(&State::default().failed(ErrorCode::InvalidResponse.into())),
        view(&stale),
    ];
    for (i, one) in all.iter().enumerate() {
        assert!(all.iter().skip(i + 1).all(|other| one != other), "{one:?}");
    }
    assert!(all[2].amounts[0].negative && !all[1].amounts[0].negative);
}

#[test]
fn a_balance_that_the_server_could_not_renew_says_what_the_server_says_of_it() {
    let old = |reason| {
        let State::Loaded { reading, .. } = shown(&[("", "5", "USD")]) else { panic!("it is loaded") };
        view(&State::default().loaded(Reading { stale: true, reason, ..reading }))
    };
    let (unknown, refused) = (old(None), old(Some(Problem::CredentialsRefused)));
    assert_eq!((text(&unknown.outdated), unknown.support), (Some("Not up to date"), None));
    assert_eq!(text(&refused.outdated), Some("Airalo refused the credentials"));
    let support = refused.support.unwrap();
    assert!(support.starts_with("code: upstream\nproblem: credentials-refused\nurl: "), "{support}");
    assert!(!support.contains("time:"), "{support}");
    assert_eq!(refused.next_try, None, "it is the server that tries");
}

#[test]
fn an_old_balance_says_why_it_is_old_and_when_the_card_tries_again() {
    let state = shown(&[("", "5", "USD")]).failed(ErrorCode::Timeout.into());
    let view = |next_request_at| {
        let poll = PollState { state: state.clone(), next_request_at, ..PollState::default() };
        view_of(&poll, Level::Ok, &[], 0)
    };
    let stopped = view(None);
    assert_eq!(stopped.amounts.len(), 1);
    assert_eq!(text(&stopped.outdated), Some("The server takes too long"));
    let details =
        Explanation { title: "The server takes too long".into(), advice: "Try again in a moment.".into() };
    assert_eq!(stopped.details, Some(details));
    assert_eq!((stopped.message, stopped.next_try), (None, None));
    assert_eq!(text(&view(Some(20_000)).next_try), Some("Trying again shortly"));
    assert_eq!(text(&view(Some(3 * MINUTE)).next_try), Some("Trying again 3 minute"));
}

#[test]
fn trouble_that_stays_until_somebody_acts_promises_no_further_attempt() {
    let next_try = |error: FetchError, shown: State| {
        let next_request_at = Some(3 * MINUTE);
        let poll = PollState { state: shown.failed(error), next_request_at, ..PollState::default() };
        view_of(&poll, Level::Ok, &[], 0).next_try.is_some()
    };
    let refused = FetchError::from_status(502, r#"{"code":"credentials-refused"}"#, None);
    let missing = FetchError::from_status(404, "", None);
    let all = ErrorCode::ALL.map(FetchError::from);
    for error in all.into_iter().chain([refused, missing]) {
        for shown in [State::Loading, shown(&[("", "5", "USD")])] {
            assert_eq!(next_try(error.clone(), shown), error.is_retryable(), "{error:?}");
        }
    }
}

#[test]
fn each_level_has_its_text_and_zero_has_one_of_its_own() {
    let alert = |amount, level| {
        let poll = PollState { state: shown(&[("", amount, "USD")]), ..PollState::default() };
        view_of(&poll, level, &[], 0).alert.unwrap_or_default()
    };
    assert_eq!(alert("500", Level::Ok), "");
    assert_eq!(alert("150", Level::Low), "Running low");
    assert_eq!(alert("15", Level::Critical), "Almost used up");
    assert_eq!(alert("0", Level::Critical), "No credit left: orders will fail");
}

#[test]
fn a_problem_and_a_level_are_two_concerns() {
    let low = shown(&[("", "5", "USD")]);
    let concerns = |state: &State, level| {
        let poll = PollState { state: state.clone(), ..PollState::default() };
        let Concerns { problem, alert } = view_of(&poll, level, &[], 0).concerns;
        (problem, alert)
    };
    assert_eq!(concerns(&low, Level::Ok), (None, None));
    assert_eq!(concerns(&low, Level::Low), (None, Some(Text::Low)));
    let failed = low.failed(ErrorCode::Network.into());
    assert_eq!(concerns(&failed, Level::Low), (Some(Text::Network), Some(Text::Low)));
}

#[test]
fn no_account_is_neither_low_nor_used_up() {
    let poll = PollState { state: shown(&[]), ..PollState::default() };
    let view = view_of(&poll, Level::Critical, &[], 0);
    assert_eq!((view.alert, view.concerns.alert), (None, None));
    assert_eq!(view.concerns.problem, Some(Text::NoAccount));
}

#[test]
fn of_several_balances_the_warning_names_those_that_it_is_about() {
    let thresholds = [("low-threshold", "200"), ("critical-threshold", "50")];
    let view = |level, balances: &[(&str, &str, &str)]| {
        let poll = PollState { state: shown(balances), ..PollState::default() };
        view_of(&poll, level, &thresholds, 0)
    };
    let [main, europe, asia] = [("Main", "5000", "USD"), ("Europe", "10", "EUR"), ("Asia", "150", "JPY")];
    let one = view(Level::Critical, &[main, europe, asia]);
    assert_eq!(one.alert.as_deref(), Some("Europe · Almost used up"));
    let levels: Vec<_> = one.amounts.iter().map(|line| line.level).collect();
    assert_eq!(levels, [Some(Level::Ok), Some(Level::Critical), Some(Level::Low)]);
    let two = view(Level::Low, &[main, ("Asia", "150", "JPY"), ("Africa", "199", "ZAR")]);
    assert_eq!(two.alert.as_deref(), Some("Asia, Africa · Running low"));
    let all = view(Level::Low, &[asia, ("Africa", "199", "ZAR")]);
    assert_eq!(all.alert.as_deref(), Some("Running low"));
    let empty = view(Level::Critical, &[main, ("Europe", "0", "EUR"), ("Africa", "9", "ZAR")]);
    assert_eq!(empty.alert.as_deref(), Some("Europe · No credit left: orders will fail"));
    assert_eq!(view(Level::Critical, &[europe]).alert.as_deref(), Some("Almost used up"));
}

#[test]
fn there_are_details_for_support_only_where_a_request_failed() {
    let support = |state: State| {
        let poll = PollState { state, failed_at: 9, ..PollState::default() };
        view_of(&poll, Level::Ok, &[], 0).support
    };
    assert_eq!(support(shown(&[("", "5", "USD")])), None);
    assert_eq!(support(shown(&[])), None);
    let details = support(shown(&[("", "5", "USD")]).failed(ErrorCode::Timeout.into())).unwrap();
    assert!(details.contains("code: timeout\n") && details.contains("time: z=9"), "{details}");
}

#[test]
fn the_copy_button_says_that_it_has_copied() {
    let (config, messages, poll) = (Config::read(|_| None).0, Messages::default(), PollState::default());
    let label = |copied| {
        let input = Input {
            poll: &poll,
            level: Level::Ok,
            config: &config,
            messages: &messages,
            now: 0,
            copied,
            history: &HistoryView::default(),
        };
        ViewModel::new(input, &TestFormat).actions.copy
    };
    assert_eq!((&*label(false), &*label(true)), ("Copy", "Copied"));
}

#[test]
fn a_limit_makes_a_meter_of_a_single_balance() {
    let limit = [("credit-limit", "800")];
    let meter = |balances: &[(&str, &str, &str)]| {
        let poll = PollState { state: shown(balances), ..PollState::default() };
        view_of(&poll, Level::Ok, &limit, 0).meter
    };
    let quarter =
        Meter { percent: 25, value_text: "USD 200 of USD 800".to_owned(), limit: "of USD 800".to_owned() };
    assert_eq!(meter(&[("", "200", "USD")]), Some(quarter));
    assert_eq!(meter(&[("", "200", "USD"), ("", "5", "EUR")]), None);
    assert_eq!(meter(&[]), None);
}

#[test]
fn a_card_without_a_url_says_which_attribute_it_needs() {
    let failed =
        PollState { state: State::default().failed(ErrorCode::Config.into()), ..PollState::default() };
    let view = view_of(&failed, Level::Ok, &[("proxy-url", "")], 0);
    assert!(view.message.unwrap().advice.contains("proxy-url"));
}

#[test]
fn every_error_has_a_text_of_its_own() {
    let mut titles: Vec<_> = ErrorCode::ALL.map(|code| advice(&code.into()).0.key()).into();
    let problems =
        [Problem::CredentialsRefused, Problem::AddressRefused, Problem::Upstream, Problem::UpstreamTimeout];
    titles.extend(problems.map(|problem| {
        let body = format!(r#"{{"code":"{}"}}"#, problem.as_str());
        advice(&FetchError::from_status(502, &body, None)).0.key()
    }));
    let count = titles.len();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), count);
}

#[test]
fn a_card_of_one_line_has_a_summary_of_all_that_it_says() {
    let summary = |poll: &PollState, level| view_of(poll, level, &[("variant", "inline")], 0).summary;
    let poll = |state| PollState { state, ..PollState::default() };
    let one = shown(&[("balance", "20", "USD")]);
    let low = poll(one.clone());
    assert_eq!(summary(&low, Level::Low).as_deref(), Some("Available credit · Running low · As of t=7"));
    let missed = poll(one.failed(ErrorCode::Network.into()));
    let expected = "Available credit · Running low · The server can’t be reached · As of t=7";
    assert_eq!(summary(&missed, Level::Low).as_deref(), Some(expected));
    let failed = poll(State::default().failed(ErrorCode::Network.into()));
    assert_eq!(
        summary(&failed, Level::Ok).as_deref(),
        Some("Available credit · The server can’t be reached")
    );
    let several = poll(shown(&[("Main", "20", "USD"), ("", "5", "EUR")]));
    assert_eq!(
        summary(&several, Level::Ok).as_deref(),
        Some("Available credit · Main USD 20 · EUR EUR 5 · As of t=7")
    );
    assert_eq!(view(&shown(&[("balance", "20", "USD")])).summary, None, "other forms have room for them");
}
