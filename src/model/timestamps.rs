//! How old a balance is, from the times that a response names.

use super::schedule::Millis;

/// Clocks that differ by less than this agree: `Date` has whole seconds, and responses take time.
const CLOCK_TOLERANCE: Millis = 5_000;

/// When a balance was fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchedAt {
    /// In milliseconds since 1970, to be shown.
    pub time: Millis,
    /// The same moment on a monotonic clock, to count the age from.
    pub elapsed: Millis,
}

/// The times that a response names, and the times at which it arrived.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timestamps {
    /// `meta.fetched_at` of the response.
    pub fetched_at: Option<Millis>,
    /// The `Date` header: the server's clock when it sent the response.
    pub date: Option<Millis>,
    /// The `Age` header.
    pub age: Option<Millis>,
    /// The reader's clock when the response arrived.
    pub now: Millis,
    /// The monotonic clock when the response arrived.
    pub elapsed: Millis,
}

impl Timestamps {
    /// When the balance was fetched, and whether the response is a replay.
    ///
    /// Where the server names its own time as well, the age is counted on its clock alone. A
    /// reader's clock that is wrong then does not change the age.
    pub fn resolve(self, clock: &mut ServerClock) -> (FetchedAt, bool) {
        let stated = self.date.map(|date| date + self.age.unwrap_or(0));
        let (server_now, replay) = match stated {
            Some(stated) => {
                let (now, replay) = clock.observe(stated, self.fetched_at, self.elapsed);
                (Some(now), replay)
            }
            None => (None, false),
        };
        let age = match (self.fetched_at, server_now, self.date) {
            (Some(fetched_at), now, _) => now.unwrap_or(self.now) - fetched_at,
            (None, Some(now), Some(date)) => now - date,
            (None, ..) => self.age.unwrap_or(0),
        };
        let age = age.max(0);
        let readers_moment = self.now - age;
        let time = self.fetched_at.filter(|at| (readers_moment - at).abs() < CLOCK_TOLERANCE);
        (FetchedAt { time: time.unwrap_or(readers_moment), elapsed: self.elapsed - age }, replay)
    }
}

/// The clock of a server, as its responses tell it.
///
/// A service worker or another cache may replay an old response with its headers. Its `Date` is not
/// later than that of a response before, although time has passed since.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServerClock {
    latest: Option<Observation>,
}

#[derive(Clone, Copy, Debug)]
struct Observation {
    stated: Millis,
    fetched_at: Option<Millis>,
    elapsed: Millis,
}

impl ServerClock {
    /// The server's time when a response arrived that states a time, and whether it is a replay.
    fn observe(&mut self, stated: Millis, fetched_at: Option<Millis>, elapsed: Millis) -> (Millis, bool) {
        let replayed = self.latest.filter(|latest| {
            // A newer balance is no replay, even from a second server whose clock is behind.
            let newer = matches!((fetched_at, latest.fetched_at), (Some(at), Some(before)) if at > before);
            stated <= latest.stated && !newer
        });
        let Some(latest) = replayed else {
            self.latest = Some(Observation { stated, fetched_at, elapsed });
            return (stated, false);
        };
        let now = latest.stated + (elapsed - latest.elapsed).max(0);
        (now, now - stated >= CLOCK_TOLERANCE)
    }
}

/// A time of RFC 3339 in the form that every browser reads in the same way.
///
/// A time without a zone is UTC: browsers would take it for the reader's own time. Other formats
/// are refused, because browsers read them differently.
#[must_use]
pub fn normalized_rfc3339(text: &str) -> Option<String> {
    let text = text.trim_ascii();
    let (date, rest) = text.split_at_checked(10)?;
    let mut rest = rest.strip_prefix(['T', 't', ' '])?;
    let time = rest.get(..8)?;
    rest = &rest[8..];
    if !matches(date, "0000-00-00") || !matches(time, "00:00:00") {
        return None;
    }
    let fraction = rest.strip_prefix('.').map_or("", |rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        &rest[..digits]
    });
    if rest.starts_with('.') {
        if fraction.is_empty() {
            return None;
        }
        rest = &rest[1 + fraction.len()..];
    }
    let zone = match rest {
        "" | "Z" | "z" => "Z",
        offset if matches(offset, "+00:00") || matches(offset, "-00:00") => offset,
        _ => return None,
    };
    // Browsers read three digits of a fraction at least, and some no more.
    let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
    Some(format!("{date}T{time}.{millis}{zone}"))
}

/// Whether a text has the form of a pattern, in which `0` stands for any digit.
fn matches(text: &str, pattern: &str) -> bool {
    let fits =
        |(byte, expected): (u8, u8)| if expected == b'0' { byte.is_ascii_digit() } else { byte == expected };
    text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(fits)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: Millis = 3_600_000;
    const DAY: Millis = 24 * HOUR;

    /// The age of the balance, and the time that is shown for it.
    fn resolve(stamps: Timestamps) -> (Millis, Millis) {
        let (at, _) = stamps.resolve(&mut ServerClock::default());
        (stamps.elapsed - at.elapsed, at.time)
    }

    #[test]
    fn an_age_is_counted_on_the_servers_clock() {
        for reader_is_off in [-DAY, 0, DAY] {
            let now = 100 * DAY + reader_is_off;
            let (fetched_at, date) = (Some(100 * DAY - HOUR), Some(100 * DAY));
            let stamps = Timestamps { fetched_at, date, now, ..Timestamps::default() };
            assert_eq!(resolve(stamps), (HOUR, now - HOUR));
        }
    }

    #[test]
    fn time_spent_in_a_cache_counts() {
        let stamps = Timestamps {
            fetched_at: Some(0),
            date: Some(60_000),
            age: Some(600_000),
            now: 700_000,
            elapsed: 0,
        };
        assert_eq!(resolve(stamps).0, 660_000);
    }

    #[test]
    fn clocks_that_agree_show_the_time_of_the_server() {
        let (fetched_at, date) = (Some(70_000), Some(72_000));
        let stamps = Timestamps { fetched_at, date, now: 73_456, ..Timestamps::default() };
        assert_eq!(resolve(stamps), (2_000, 70_000));
    }

    #[test]
    fn without_a_date_header_the_readers_clock_counts() {
        let stamps =
            |fetched_at, age| resolve(Timestamps { fetched_at, age, now: 100_000, ..Timestamps::default() });
        assert_eq!(stamps(Some(40_000), None), (60_000, 40_000));
        assert_eq!(stamps(Some(900_000), None), (0, 100_000), "nothing comes from the future");
        assert_eq!(stamps(None, Some(30_000)), (30_000, 70_000));
        assert_eq!(stamps(None, None), (0, 100_000));
    }

    /// What a response that arrives after so many seconds says: the age, and whether it is a replay.
    fn observe(
        clock: &mut ServerClock,
        seconds: Millis,
        date: Millis,
        fetched_at: Option<Millis>,
    ) -> (Millis, bool) {
        let elapsed = seconds * 1_000;
        let stamps = Timestamps {
            fetched_at: fetched_at.map(|at| at * 1_000),
            date: Some(date * 1_000),
            age: None,
            now: 1_000_000 + elapsed,
            elapsed,
        };
        let (at, replay) = stamps.resolve(clock);
        ((elapsed - at.elapsed) / 1_000, replay)
    }

    #[test]
    fn a_response_that_is_replayed_grows_older() {
        for fetched_at in [Some(500), None] {
            let mut clock = ServerClock::default();
            assert_eq!(observe(&mut clock, 0, 500, fetched_at), (0, false));
            assert_eq!(observe(&mut clock, 75, 500, fetched_at), (75, true));
            assert_eq!(observe(&mut clock, 90, 500, fetched_at), (90, true));
            assert_eq!(observe(&mut clock, 100, 600, Some(600)), (0, false), "the server is back");
        }
    }

    #[test]
    fn an_even_older_response_is_as_old_as_its_date_says() {
        let mut clock = ServerClock::default();
        let _ = observe(&mut clock, 0, 500, Some(500));
        assert_eq!(observe(&mut clock, 10, 300, Some(300)), (210, true));
    }

    #[test]
    fn two_responses_within_a_second_are_no_replay() {
        let mut clock = ServerClock::default();
        let _ = observe(&mut clock, 0, 500, None);
        assert_eq!(observe(&mut clock, 1, 500, None), (1, false));
    }

    #[test]
    fn a_newer_balance_of_a_server_whose_clock_is_behind_is_no_replay() {
        let mut clock = ServerClock::default();
        let _ = observe(&mut clock, 0, 500, Some(490));
        assert_eq!(observe(&mut clock, 60, 499, Some(495)), (4, false));
    }

    #[test]
    fn a_time_without_a_zone_is_utc() {
        for text in
            ["2026-11-20T10:00:00", "2026-11-20 10:00:00", "2026-11-20t10:00:00z", " 2026-11-20T10:00:00Z\n"]
        {
            assert_eq!(normalized_rfc3339(text).as_deref(), Some("2026-11-20T10:00:00.000Z"), "{text}");
        }
        assert_eq!(
            normalized_rfc3339("2026-11-20T10:00:00.1234567+08:00").as_deref(),
            Some("2026-11-20T10:00:00.123+08:00")
        );
        assert_eq!(normalized_rfc3339("2026-11-20T10:00:00.5Z").as_deref(), Some("2026-11-20T10:00:00.500Z"));
    }

    #[test]
    fn other_formats_of_a_time_are_refused() {
        for text in [
            "",
            "2026-11-20",
            "20 Nov 2026 10:00",
            "11/20/2026 10:00:00",
            "2026-11-20T10:00",
            "2026-11-20T10:00:00.",
            "2026-11-20T10:00:00 GMT",
            "2026-11-20T10:00:00+0800",
            "1763632800",
            "２026-11-20T10:00:00Z",
        ] {
            assert_eq!(normalized_rfc3339(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_time_makes_it_panic(text: String, date in "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}", rest: String) {
            let _ = normalized_rfc3339(&text);
            let _ = normalized_rfc3339(&format!("{date}{rest}"));
        }
    }
}
