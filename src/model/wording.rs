//! What the card says, decided without a browser.
//!
//! Numbers and times are written by [`Format`], which is `Intl` in the browser and a plain
//! struct in the tests: this way every sentence that a reader may see is checked on the host.

use super::age::{self, Unit};
use super::amount::Amount;
use super::config::{Config, UrlError};
use super::error::{ErrorCode, FetchError, Problem};
use super::level::Level;
use super::response::{Balance, Currency};
use super::schedule::Millis;
use super::snapshot::PollState;
use super::state::State;
use super::support;
use super::text::{Messages, Text};
use std::borrow::Cow;

/// Writes money and time as the reader is used to.
pub trait Format {
    /// An amount with its currency, such as `$225.35`.
    fn money(&self, amount: Amount, currency: &Currency) -> String;
    /// The same in full words for a screen reader, such as `225.35 US dollars`.
    fn money_in_words(&self, amount: Amount, currency: &Currency) -> String;
    /// A moment of today as a time, any other one with its date.
    fn moment(&self, at: Millis) -> String;
    /// A time from now: below zero in the past, as in `3 minutes ago`; zero is now.
    fn relative(&self, count: Millis, unit: Unit) -> String;
    /// A moment for support, the same wherever it is read: RFC 3339, in UTC.
    fn timestamp(&self, at: Millis) -> String;
}

/// One balance on the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What tells it from the others, where there are others.
    pub name: Option<String>,
    /// The amount as it is shown.
    pub money: String,
    /// The amount as it is read out.
    pub in_words: String,
    /// Whether it is below zero.
    pub negative: bool,
}

/// Everything on the card that is a sentence, a name or a time.
///
/// A table in place of so many fields: what is done with all of them is done in one loop, and the
/// card is a third of a kilobyte smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The title of the card.
    Label,
    /// The whole credit, as in `of $800.00`.
    OfLimit,
    /// The warning that belongs to the level.
    Alert,
    /// Why there are no balances; nothing while loading.
    Title,
    /// What can be done about it.
    Advice,
    /// From when the balances are.
    AsOf,
    /// How long ago that is.
    Age,
    /// Why they are not newer.
    Missed,
    /// Whichever of the two is the matter.
    Matter,
    /// What can be done about that.
    MatterAdvice,
    /// What to send to support about it.
    Support,
    /// When the card will try again by itself, after something went wrong.
    NextTry,
    /// The name of the button that asks again.
    Refresh,
    /// The name of the same button below an error.
    Retry,
    /// The name of the link to the top-up page.
    TopUp,
    /// The name of the button that tells more about what is the matter.
    Details,
    /// The name of the button that copies what is for support.
    Copy,
}

const SLOTS: usize = Slot::Copy as usize + 1;

/// Everything that the card says at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    texts: [Option<Cow<'static, str>>; SLOTS],
    /// The balances; none while there is nothing to show.
    pub lines: Vec<Line>,
    /// How much of the credit limit is left, where there is one.
    pub percent: Option<u8>,
    /// What the reader should be told at once; see [`super::Announcer`].
    pub concern: Option<Text>,
}

/// What there is to put into words.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// What is known.
    pub feed: &'a PollState,
    /// How much cause for concern it is.
    pub level: Level,
    /// The settings of the card.
    pub config: &'a Config,
    /// The page's own sentences.
    pub messages: &'a Messages,
    /// The time, on the clock of [`super::Reading::taken_at`].
    pub now: Millis,
}

impl Wording {
    /// What is there.
    #[must_use]
    pub fn text(&self, slot: Slot) -> Option<&Cow<'static, str>> {
        self.texts[slot as usize].as_ref()
    }

    /// Says something else there.
    pub fn set(&mut self, slot: Slot, text: impl Into<Cow<'static, str>>) {
        self.texts[slot as usize] = Some(text.into());
    }

    /// Puts a scene into words.
    #[must_use]
    pub fn of(scene: Scene<'_>, format: &dyn Format) -> Self {
        let Scene { feed, config, messages, now, .. } = scene;
        let state = &feed.state;
        let balances = state.balances();
        let several = balances.len() > 1;
        let line = |balance: &Balance| Line {
            name: several.then(|| name_of(balance)),
            money: format.money(balance.amount, &balance.currency),
            in_words: format.money_in_words(balance.amount, &balance.currency),
            negative: balance.amount.is_negative(),
        };
        let texts = match (state, &config.proxy_url) {
            (State::Failed(_), Err(no_url)) => Some(not_set_up(*no_url)),
            (State::Failed(trouble), Ok(_)) => Some(advice(trouble)),
            (State::Loaded { .. }, _) if balances.is_empty() => {
                Some((Text::NoAccount, Text::NoAccountAdvice))
            }
            _ => None,
        };
        let old = missed(state);
        let matter = texts.or(old);
        let alert = alert(scene.level, balances);
        let mut words = Self {
            texts: Default::default(),
            lines: balances.iter().map(line).collect(),
            percent: None,
            concern: matter.map(|(title, _)| title).or(alert),
        };

        let (title, advice) = texts.unzip();
        let (matter, matter_advice) = matter.unzip();
        for (slot, text) in [
            (Slot::Label, Some(Text::Label)),
            (Slot::Alert, alert),
            (Slot::Title, title),
            (Slot::Advice, advice),
            (Slot::Missed, old.map(|(title, _)| title)),
            (Slot::Matter, matter),
            (Slot::MatterAdvice, matter_advice),
            (Slot::Refresh, Some(Text::Refresh)),
            (Slot::Retry, Some(Text::Retry)),
            (Slot::TopUp, Some(Text::TopUp)),
            (Slot::Details, Some(Text::Details)),
            (Slot::Copy, Some(Text::Copy)),
        ] {
            if let Some(text) = text {
                words.set(slot, messages.say(text));
            }
        }
        if let Some(label) = &config.label {
            words.set(Slot::Label, label.clone());
        }
        if let Some((percent, limit)) = share(config, balances) {
            words.percent = Some(percent);
            words.set(
                Slot::OfLimit,
                messages.fill(Text::OfLimit, &format.money(limit, &balances[0].currency)),
            );
        }
        if let Some(reading) = state.reading() {
            words.set(Slot::AsOf, messages.fill(Text::AsOf, &format.moment(reading.fetched_at)));
            let (count, unit) = age::round(now - reading.taken_at);
            words.set(Slot::Age, format.relative(-count, unit));
        }
        if let Some(trouble) = state.trouble() {
            let url = config.proxy_url.as_deref().unwrap_or_default();
            words.set(Slot::Support, support::detail(trouble, url, &format.timestamp(feed.failed_at)));
            if let Some(at) = feed.next_try {
                let (count, unit) = age::round(at - now);
                let next_try = match count {
                    0 => messages.say(Text::RetryingSoon),
                    _ => messages.fill(Text::Retrying, &format.relative(count, unit)).into(),
                };
                words.set(Slot::NextTry, next_try);
            }
        }
        words
    }
}

fn name_of(balance: &Balance) -> String {
    if balance.name.trim_ascii().is_empty() {
        balance.currency.code().to_owned()
    } else {
        balance.name.clone()
    }
}

/// How much is left of the whole credit, in percent, and the whole.
///
/// Only a single balance is a part of it: several may not even share a currency with it.
fn share(config: &Config, balances: &[Balance]) -> Option<(u8, Amount)> {
    let [balance] = balances else { return None };
    let limit = config.credit_limit?;
    Some((balance.amount.percent_of(limit)?, limit))
}

fn alert(level: Level, balances: &[Balance]) -> Option<Text> {
    match level {
        Level::Ok => None,
        Level::Low => Some(Text::Low),
        Level::Critical if balances.iter().any(|balance| balance.amount <= Amount::ZERO) => {
            Some(Text::NothingLeft)
        }
        Level::Critical => Some(Text::Critical),
    }
}

fn missed(state: &State) -> Option<(Text, Text)> {
    match state {
        State::Loaded { missed: Some(trouble), .. } => Some(advice(trouble)),
        State::Loaded { reading, missed: None } if reading.stale => Some((Text::Old, Text::OldAdvice)),
        _ => None,
    }
}

const fn not_set_up(no_url: UrlError) -> (Text, Text) {
    match no_url {
        UrlError::Missing => (Text::NotSetUp, Text::NoUrlAdvice),
        UrlError::NotHttp => (Text::NotSetUp, Text::NotHttpAdvice),
    }
}

/// A title and a next step for everything that can go wrong.
const fn advice(trouble: &FetchError) -> (Text, Text) {
    match (trouble.problem, trouble.code) {
        (Some(Problem::CredentialsRefused), _) => (Text::CredentialsRefused, Text::CredentialsRefusedAdvice),
        (Some(Problem::AddressRefused), _) => (Text::AddressRefused, Text::AddressRefusedAdvice),
        (Some(Problem::Upstream), _) => (Text::AiraloAway, Text::AiraloAwayAdvice),
        (Some(Problem::UpstreamTimeout), _) => (Text::AiraloSlow, Text::AiraloSlowAdvice),
        (_, ErrorCode::Config) => (Text::NothingThere, Text::NothingThereAdvice),
        (_, ErrorCode::Offline) => (Text::Offline, Text::OfflineAdvice),
        (_, ErrorCode::Network) => (Text::Network, Text::NetworkAdvice),
        (_, ErrorCode::Timeout) => (Text::Timeout, Text::TimeoutAdvice),
        (_, ErrorCode::Unauthorized) => (Text::Unauthorized, Text::UnauthorizedAdvice),
        (_, ErrorCode::Forbidden) => (Text::Forbidden, Text::ForbiddenAdvice),
        (_, ErrorCode::RateLimited) => (Text::RateLimited, Text::RateLimitedAdvice),
        (_, ErrorCode::Upstream) => (Text::Upstream, Text::UpstreamAdvice),
        (_, ErrorCode::InvalidResponse) => (Text::InvalidResponse, Text::InvalidResponseAdvice),
        (_, ErrorCode::Unsupported) => (Text::Unsupported, Text::UnsupportedAdvice),
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::Reading;

    /// Writes money and time in a way that shows what was asked of it.
    struct Plain;

    impl Format for Plain {
        fn money(&self, amount: Amount, currency: &Currency) -> String {
            format!("{} {amount}", currency.code())
        }
        fn money_in_words(&self, amount: Amount, currency: &Currency) -> String {
            format!("{amount} of {}", currency.code())
        }
        fn moment(&self, at: Millis) -> String {
            format!("t={at}")
        }
        fn relative(&self, count: Millis, unit: Unit) -> String {
            format!("{count} {}", unit.as_str())
        }
        fn timestamp(&self, at: Millis) -> String {
            format!("z={at}")
        }
    }

    const MINUTE: Millis = 60_000;

    fn shown(balances: &[(&str, &str, &str)]) -> State {
        let balances = balances.iter().map(|(name, amount, currency)| Balance {
            name: (*name).to_owned(),
            amount: amount.parse().unwrap(),
            currency: Currency::new(currency).unwrap(),
        });
        State::default().answered(Reading {
            balances: balances.collect(),
            fetched_at: 7,
            taken_at: 0,
            stale: false,
        })
    }

    fn say_with(feed: &PollState, level: Level, attributes: &[(&str, &str)], now: Millis) -> Wording {
        let (config, _) = Config::read(|name| {
            let given = attributes.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            given.or_else(|| (name == "proxy-url").then(|| "/api/balance".to_owned()))
        });
        let messages = Messages::default();
        Wording::of(Scene { feed, level, config: &config, messages: &messages, now }, &Plain)
    }

    /// What is said there.
    fn at(words: &Wording, slot: Slot) -> Option<&str> {
        words.text(slot).map(|text| &**text)
    }

    fn say(state: &State) -> Wording {
        say_with(&PollState { state: state.clone(), ..PollState::default() }, Level::Ok, &[], 0)
    }

    #[test]
    fn a_single_balance_needs_no_name() {
        let words = say(&shown(&[("balance", "225.35", "USD")]));
        assert_eq!(at(&words, Slot::Label), Some("Available credit"));
        assert_eq!(words.lines[0].name, None);
        assert_eq!((&*words.lines[0].money, &*words.lines[0].in_words), ("USD 225.35", "225.35 of USD"));
        for slot in [Slot::Title, Slot::Missed, Slot::Matter, Slot::NextTry] {
            assert_eq!(at(&words, slot), None);
        }
    }

    #[test]
    fn the_card_says_from_when_the_balance_is_and_how_old() {
        let feed = PollState { state: shown(&[("", "5", "USD")]), ..PollState::default() };
        let said = |now| say_with(&feed, Level::Ok, &[], now);
        assert_eq!(at(&said(3 * MINUTE), Slot::AsOf), Some("As of t=7"));
        assert_eq!(at(&said(59_000), Slot::Age), Some("0 second"));
        assert_eq!(at(&said(3 * MINUTE), Slot::Age), Some("-3 minute"));
        assert_eq!(at(&said(26 * 60 * MINUTE), Slot::Age), Some("-1 day"));
    }

    #[test]
    fn several_balances_are_told_apart_by_name_or_currency() {
        let words = say(&shown(&[("Main", "1", "USD"), (" ", "2", "EUR")]));
        let names: Vec<_> = words.lines.iter().filter_map(|line| line.name.as_deref()).collect();
        assert_eq!(names, ["Main", "EUR"]);
    }

    #[test]
    fn a_zero_balance_is_shown_and_not_treated_as_missing() {
        let words = say(&shown(&[("balance", "0", "USD")]));
        assert_eq!(words.lines[0].money, "USD 0");
        assert_eq!(at(&words, Slot::Title), None);
    }

    #[test]
    fn the_six_things_that_must_not_be_confused_look_different() {
        let stale = shown(&[("", "5", "USD")]).failed(ErrorCode::Network.into());
        let all = [
            say(&State::Loading),
            say(&shown(&[("", "0", "USD")])),
            say(&shown(&[("", "-12.5", "USD")])),
            say(&shown(&[])),
            say(&State::default().failed(ErrorCode::InvalidResponse.into())),
            say(&stale),
        ];
        for (i, one) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|other| one != other), "{one:?}");
        }
        assert!(all[2].lines[0].negative && !all[1].lines[0].negative);
    }

    #[test]
    fn an_old_balance_says_why_it_is_old_and_when_the_card_tries_again() {
        let state = shown(&[("", "5", "USD")]).failed(ErrorCode::Timeout.into());
        let said = |next_try| {
            say_with(&PollState { state: state.clone(), next_try, ..PollState::default() }, Level::Ok, &[], 0)
        };
        assert_eq!(said(None).lines.len(), 1);
        for slot in [Slot::Missed, Slot::Matter] {
            assert_eq!(at(&said(None), slot), Some("The server takes too long"));
        }
        assert_eq!(at(&said(None), Slot::MatterAdvice), Some("Try again in a moment."));
        assert_eq!(at(&said(None), Slot::Title), None);
        assert_eq!(at(&said(None), Slot::NextTry), None);
        assert_eq!(at(&said(Some(20_000)), Slot::NextTry), Some("Trying again shortly"));
        assert_eq!(at(&said(Some(3 * MINUTE)), Slot::NextTry), Some("Trying again 3 minute"));
    }

    #[test]
    fn a_level_is_told_in_words_and_zero_in_words_of_its_own() {
        let said = |amount, level| {
            let feed = PollState { state: shown(&[("", amount, "USD")]), ..PollState::default() };
            say_with(&feed, level, &[], 0).text(Slot::Alert).cloned().unwrap_or_default()
        };
        assert_eq!(said("500", Level::Ok), "");
        assert_eq!(said("150", Level::Low), "Running low");
        assert_eq!(said("15", Level::Critical), "Almost used up");
        assert_eq!(said("0", Level::Critical), "No credit left: orders will fail");
    }

    #[test]
    fn what_is_wrong_concerns_more_than_how_much_is_left() {
        let low = shown(&[("", "5", "USD")]);
        let concern = |state: &State, level| {
            say_with(&PollState { state: state.clone(), ..PollState::default() }, level, &[], 0).concern
        };
        assert_eq!(concern(&low, Level::Ok), None);
        assert_eq!(concern(&low, Level::Low), Some(Text::Low));
        assert_eq!(concern(&low.failed(ErrorCode::Network.into()), Level::Low), Some(Text::Network));
        assert_eq!(concern(&shown(&[]), Level::Ok), Some(Text::NoAccount));
    }

    #[test]
    fn there_is_something_for_support_only_where_a_request_failed() {
        let support = |state: State| {
            let feed = PollState { state, failed_at: 9, ..PollState::default() };
            say_with(&feed, Level::Ok, &[], 0).text(Slot::Support).cloned()
        };
        assert_eq!(support(shown(&[("", "5", "USD")])), None);
        assert_eq!(support(shown(&[])), None);
        let detail = support(shown(&[("", "5", "USD")]).failed(ErrorCode::Timeout.into())).unwrap();
        assert!(detail.contains("code: timeout\n") && detail.contains("time: z=9"), "{detail}");
    }

    #[test]
    fn a_limit_makes_a_meter_of_a_single_balance() {
        let limit = [("credit-limit", "800")];
        let meter = |balances: &[(&str, &str, &str)]| {
            let feed = PollState { state: shown(balances), ..PollState::default() };
            let words = say_with(&feed, Level::Ok, &limit, 0);
            (words.percent, words.text(Slot::OfLimit).cloned())
        };
        assert_eq!(meter(&[("", "200", "USD")]), (Some(25), Some("of USD 800".into())));
        assert_eq!(meter(&[("", "200", "USD"), ("", "5", "EUR")]), (None, None));
        assert_eq!(meter(&[]), (None, None));
    }

    #[test]
    fn a_card_without_an_address_says_what_to_write() {
        let failed =
            PollState { state: State::default().failed(ErrorCode::Config.into()), ..PollState::default() };
        let words = say_with(&failed, Level::Ok, &[("proxy-url", "")], 0);
        assert!(at(&words, Slot::Advice).unwrap().contains("proxy-url"));
    }

    #[test]
    fn every_trouble_has_words_of_its_own() {
        let codes = [
            ErrorCode::Config,
            ErrorCode::Offline,
            ErrorCode::Network,
            ErrorCode::Timeout,
            ErrorCode::Unauthorized,
            ErrorCode::Forbidden,
            ErrorCode::RateLimited,
            ErrorCode::Upstream,
            ErrorCode::InvalidResponse,
            ErrorCode::Unsupported,
        ];
        let mut titles: Vec<_> = codes.map(|code| advice(&code.into()).0.key()).into();
        let problems = [
            Problem::CredentialsRefused,
            Problem::AddressRefused,
            Problem::Upstream,
            Problem::UpstreamTimeout,
        ];
        titles.extend(problems.map(|problem| {
            let body = format!(r#"{{"code":"{}"}}"#, problem.as_str());
            advice(&FetchError::from_status(502, &body, None)).0.key()
        }));
        let count = titles.len();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), count);
    }
}
