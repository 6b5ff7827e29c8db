//! A whole day of a card, on an invented clock: the requests that it makes are exactly those
//! that the rules allow.

#![cfg(not(target_arch = "wasm32"))]

use airalo_balance::model::schedule::{Event, Millis, PauseReason, Schedule};

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;

/// Half way between early and late, so that the day can be reckoned by hand: answers are
/// followed by exactly five minutes, failures by their pause and a twentieth of it.
const ROLL: f64 = 0.5;

/// What happens to the card from outside.
const DAY: &[(Millis, Event)] = &[
    (8 * HOUR, Event::Held(PauseReason::Hidden)),
    (10 * HOUR, Event::Released(PauseReason::Hidden)),
    (12 * HOUR, Event::Held(PauseReason::Offline)),
    (13 * HOUR, Event::Released(PauseReason::Offline)),
    (20 * HOUR, Event::Refresh),
    (20 * HOUR + SECOND / 2, Event::Refresh),
];

enum Server {
    Answers,
    /// 429 with `Retry-After: 600`.
    HasEnough,
    /// 503, and nothing about when to come back.
    IsDown,
}

fn server(now: Millis) -> Server {
    match now / HOUR {
        14 => Server::HasEnough,
        17 | 18 => Server::IsDown,
        _ => Server::Answers,
    }
}

/// The times at which the card asks. Answers come at once: how long they take is not the card's.
fn requests() -> Vec<Millis> {
    let mut schedule = Schedule::new(Some(5 * MINUTE), 0);
    let mut events = DAY.iter().copied().peekable();
    let mut asked = Vec::new();
    let mut now = 0;
    loop {
        let event = events.next_if(|(at, _)| *at == now).map_or(Event::Due, |(_, event)| event);
        if let Some(ticket) = schedule.step(event, now, ROLL) {
            asked.push(now);
            let outcome = match server(now) {
                Server::Answers => Event::Answered(ticket),
                Server::HasEnough => Event::Failed { ticket, retry_after: Some(600 * SECOND) },
                Server::IsDown => Event::Failed { ticket, retry_after: None },
            };
            assert_eq!(schedule.step(outcome, now, ROLL), None, "an answer is no reason to ask");
        }
        let from_outside = events.peek().map(|(at, _)| *at);
        let next = [schedule.wake_at(), from_outside].into_iter().flatten().min();
        match next.filter(|at| *at < 24 * HOUR) {
            Some(next) => now = next.max(now),
            None => return asked,
        }
    }
}

#[test]
fn a_day_has_exactly_the_requests_that_the_rules_allow() {
    let asked = requests();
    let between = |from: Millis, to: Millis| asked.iter().filter(|at| (from..to).contains(*at)).count();
    for (what, from, to, expected) in [
        ("every five minutes from midnight", 0, 8 * HOUR, 96),
        ("none while the tab is hidden", 8 * HOUR, 10 * HOUR, 0),
        ("at once on return, and every five minutes", 10 * HOUR, 12 * HOUR, 24),
        ("none while there is no network", 12 * HOUR, 13 * HOUR, 0),
        ("at once when it is back, and every five minutes", 13 * HOUR, 14 * HOUR, 12),
        ("every ten and a half minutes while the server has enough", 14 * HOUR, 15 * HOUR, 6),
        ("every five minutes from 15:03", 15 * HOUR, 17 * HOUR, 24),
        ("at 17:03 and later and later while it is down", 17 * HOUR, 19 * HOUR, 14),
        ("every five minutes from 19:15, and twice by hand", 19 * HOUR, 24 * HOUR, 58),
    ] {
        assert_eq!(between(from, to), expected, "{what}");
    }
    assert_eq!(asked.len(), 234);
}

#[test]
fn an_outage_is_met_with_longer_and_longer_pauses() {
    let outage: Vec<_> = requests().into_iter().filter(|at| (17 * HOUR..20 * HOUR).contains(at)).collect();
    let pauses: Vec<_> = outage.windows(2).map(|pair| (pair[1] - pair[0]) / SECOND).take(9).collect();
    assert_eq!(pauses, [10, 21, 42, 84, 168, 336, 672, 945, 945]);
}

#[test]
fn two_clicks_in_a_row_are_two_seconds_apart() {
    let asked = requests();
    let by_hand = asked.iter().position(|at| *at == 20 * HOUR).expect("the first click asks at once");
    assert_eq!(asked[by_hand + 1], 20 * HOUR + 2 * SECOND);
    assert_eq!(asked[by_hand + 2], 20 * HOUR + 2 * SECOND + 5 * MINUTE);
}
