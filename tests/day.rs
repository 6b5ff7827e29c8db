//! A whole day of a card on a simulated clock: it makes exactly the requests that the rules allow.

#![cfg(not(target_arch = "wasm32"))]

use airalo_balance::model::schedule::{Event, Millis, PauseReason, Schedule};

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;

/// The middle of the jitter, so that the times can be calculated by hand: five minutes after a
/// success, the pause and a twentieth of it after a failure.
const RANDOM: f64 = 0.5;

/// What happens on the page.
const DAY: &[(Millis, Event)] = &[
    (8 * HOUR, Event::Paused(PauseReason::Hidden)),
    (10 * HOUR, Event::Resumed(PauseReason::Hidden)),
    (12 * HOUR, Event::NetworkChanged),
    (13 * HOUR, Event::NetworkChanged),
    (20 * HOUR, Event::Refresh),
    (20 * HOUR + SECOND / 2, Event::Refresh),
];

enum Server {
    Succeeds,
    /// 429 with `Retry-After: 600`.
    LimitsRate,
    /// 503 without `Retry-After`, or no network.
    IsDown,
}

fn server(now: Millis) -> Server {
    match now / HOUR {
        14 => Server::LimitsRate,
        12 | 17 | 18 => Server::IsDown,
        _ => Server::Succeeds,
    }
}

/// The times of the requests. Every response comes at once.
fn requests() -> Vec<Millis> {
    let mut schedule = Schedule::new(Some(5 * MINUTE), 0);
    let mut events = DAY.iter().copied().peekable();
    let mut times = Vec::new();
    let mut now = 0;
    loop {
        let event = events.next_if(|(at, _)| *at == now).map_or(Event::Due, |(_, event)| event);
        if let Some(request) = schedule.step(event, now, RANDOM) {
            times.push(now);
            let outcome = match server(now) {
                Server::Succeeds => Event::Succeeded(request),
                Server::LimitsRate => Event::Failed { request, retry_after: Some(600 * SECOND) },
                Server::IsDown => Event::Failed { request, retry_after: None },
            };
            assert_eq!(schedule.step(outcome, now, RANDOM), None, "a response causes no request");
        }
        let next_event = events.peek().map(|(at, _)| *at);
        let next = [schedule.wake_at(), next_event].into_iter().flatten().min();
        match next.filter(|at| *at < 24 * HOUR) {
            Some(next) => now = next.max(now),
            None => return times,
        }
    }
}

#[test]
fn a_day_has_exactly_the_requests_that_the_rules_allow() {
    let times = requests();
    let between = |from: Millis, to: Millis| times.iter().filter(|at| (from..to).contains(*at)).count();
    for (what, from, to, expected) in [
        ("every five minutes from midnight", 0, 8 * HOUR, 96),
        ("none while the tab is hidden", 8 * HOUR, 10 * HOUR, 0),
        ("at once on return, and every five minutes", 10 * HOUR, 12 * HOUR, 24),
        ("more and more rarely while there is no network", 12 * HOUR, 13 * HOUR, 10),
        ("at once when it is back, and every five minutes", 13 * HOUR, 14 * HOUR, 12),
        ("every ten and a half minutes while the server has enough", 14 * HOUR, 15 * HOUR, 6),
        ("every five minutes from 15:03", 15 * HOUR, 17 * HOUR, 24),
        ("at 17:03 and later and later while it is down", 17 * HOUR, 19 * HOUR, 14),
        ("every five minutes from 19:15, and twice by hand", 19 * HOUR, 24 * HOUR, 58),
    ] {
        assert_eq!(between(from, to), expected, "{what}");
    }
    assert_eq!(times.len(), 244);
}

#[test]
fn an_outage_is_met_with_longer_and_longer_pauses() {
    let outage: Vec<_> = requests().into_iter().filter(|at| (17 * HOUR..20 * HOUR).contains(at)).collect();
    let pauses: Vec<_> = outage.windows(2).map(|pair| (pair[1] - pair[0]) / SECOND).take(9).collect();
    assert_eq!(pauses, [10, 21, 42, 84, 168, 336, 672, 945, 945]);
}

#[test]
fn two_clicks_in_a_row_are_two_seconds_apart() {
    let times = requests();
    let by_hand = times.iter().position(|at| *at == 20 * HOUR).expect("the first click asks at once");
    assert_eq!(times[by_hand + 1], 20 * HOUR + 2 * SECOND);
    assert_eq!(times[by_hand + 2], 20 * HOUR + 2 * SECOND + 5 * MINUTE);
}
