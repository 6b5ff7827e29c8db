//! What the card says, decided without a browser.
//!
//! Numbers and times are written by [`Format`], which is `Intl` in the browser and a plain
//! struct in the tests: this way every sentence that a reader may see is checked on the host.

use super::answer::Balance;
use super::config::{Config, NoUrl};
use super::schedule::Millis;
use super::state::State;
use super::trouble::{Code, Problem, Trouble};

/// Writes money and time as the reader is used to.
pub trait Format {
    /// An amount with its currency, such as `$225.35`.
    fn money(&self, balance: &Balance) -> String;
    /// The same in full words for a screen reader, such as `225.35 US dollars`.
    fn money_in_words(&self, balance: &Balance) -> String;
    /// A moment of today as a time, any other one with its date.
    fn moment(&self, at: Millis) -> String;
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

/// A title and one sentence, in place of a balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What is the matter.
    pub title: &'static str,
    /// What can be done about it.
    pub advice: &'static str,
}

/// Everything that the card says at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The title of the card.
    pub label: String,
    /// The balances; none while there is nothing to show.
    pub lines: Vec<Line>,
    /// Why there are no balances; nothing while loading.
    pub message: Option<Message>,
    /// From when the balances are.
    pub as_of: Option<String>,
    /// Why they are not newer.
    pub missed: Option<Message>,
    /// The name of the button that asks again.
    pub refresh: &'static str,
    /// The name of the same button below an error.
    pub retry: &'static str,
    /// The name of the link to the top-up page.
    pub top_up: &'static str,
}

impl Wording {
    /// Puts a state into words.
    #[must_use]
    pub fn of(state: &State, config: &Config, format: &dyn Format) -> Self {
        let reading = state.reading();
        let balances = reading.map_or(&[][..], |reading| &reading.balances);
        let several = balances.len() > 1;
        let line = |balance: &Balance| Line {
            name: several.then(|| name_of(balance)),
            money: format.money(balance),
            in_words: format.money_in_words(balance),
            negative: balance.amount.is_negative(),
        };
        let message = match (state, config.proxy_url.as_ref()) {
            (State::Failed(_), Err(no_url)) => Some(not_set_up(*no_url)),
            (State::Failed(trouble), Ok(_)) => Some(advice(trouble)),
            (State::Shown { reading, .. }, _) if reading.balances.is_empty() => Some(NO_ACCOUNT),
            _ => None,
        };
        Self {
            label: config.label.clone().unwrap_or_else(|| "Available credit".to_owned()),
            lines: balances.iter().map(line).collect(),
            message,
            as_of: reading.map(|reading| ["As of ", &format.moment(reading.fetched_at)].concat()),
            missed: reading.and(missed(state)),
            refresh: "Refresh",
            retry: "Try again",
            top_up: "Top up",
        }
    }
}

fn name_of(balance: &Balance) -> String {
    if balance.name.trim().is_empty() { balance.currency.code().to_owned() } else { balance.name.clone() }
}

fn missed(state: &State) -> Option<Message> {
    match state {
        State::Shown { missed: Some(trouble), .. } => Some(advice(trouble)),
        State::Shown { reading, missed: None } if reading.stale => Some(OLD_ANSWER),
        _ => None,
    }
}

const NO_ACCOUNT: Message = Message {
    title: "No account",
    advice: "Airalo knows no balance for these credentials. Ask your Airalo contact to set one up.",
};

const OLD_ANSWER: Message =
    Message { title: "Not up to date", advice: "Airalo did not give the server a newer balance." };

const fn not_set_up(no_url: NoUrl) -> Message {
    Message {
        title: "This card is not set up",
        advice: match no_url {
            NoUrl::Missing => "Give the element a proxy-url attribute: the address of your proxy.",
            NoUrl::NotHttp => "Its proxy-url has to be a relative address, or one with http or https.",
        },
    }
}

/// A title and a next step for everything that can go wrong.
fn advice(trouble: &Trouble) -> Message {
    let (title, advice) = match (trouble.problem, trouble.code) {
        (Some(Problem::CredentialsRefused), _) => (
            "Airalo refused the credentials",
            "Ask your administrator to check the client ID and secret on the server.",
        ),
        (Some(Problem::AddressRefused), _) => (
            "Airalo refused the server’s address",
            "Ask your administrator to add it to the IP allowlist in the Airalo console.",
        ),
        (Some(Problem::Upstream), _) => (
            "Airalo can’t be reached",
            "The server is fine, Airalo is not answering it. Try again in a moment.",
        ),
        (Some(Problem::UpstreamTimeout), _) => (
            "Airalo takes too long",
            "The server is fine, Airalo is slow to answer it. Try again in a moment.",
        ),
        (_, Code::Config) => {
            ("No balance at this address", "Check the card’s proxy-url: the server knows nothing there.")
        }
        (_, Code::Offline) => ("You’re offline", "The balance will be here when the connection is back."),
        (_, Code::Network) => ("The server can’t be reached", "Check your connection, then try again."),
        (_, Code::Timeout) => ("The server takes too long", "Try again in a moment."),
        (_, Code::Unauthorized) => {
            ("You’re not signed in", "Sign in again. If that doesn’t help, ask your administrator.")
        }
        (_, Code::Forbidden) => {
            ("No permission to see the balance", "Ask your administrator to give you access.")
        }
        (_, Code::RateLimited) => ("Too many requests", "The balance will be read again shortly."),
        (_, Code::Upstream) => ("The server has a problem", "Try again in a moment."),
        (_, Code::InvalidResponse) => (
            "The answer can’t be read",
            "The server answered, but not with a balance. Ask your administrator.",
        ),
        (_, Code::Unsupported) => {
            ("The card can’t run here", "Your browser, or a rule of this page, doesn’t allow WebAssembly.")
        }
    };
    Message { title, advice }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::model::{Currency, Reading};

    /// Writes money and time in a way that shows what was asked of it.
    struct Plain;

    impl Format for Plain {
        fn money(&self, balance: &Balance) -> String {
            format!("{} {}", balance.currency.code(), balance.amount)
        }
        fn money_in_words(&self, balance: &Balance) -> String {
            format!("{} of {}", balance.amount, balance.currency.code())
        }
        fn moment(&self, at: Millis) -> String {
            format!("t={at}")
        }
    }

    fn config() -> Config {
        Config::read(|name| (name == "proxy-url").then(|| "/api/balance".to_owned())).0
    }

    fn shown(balances: &[(&str, &str, &str)]) -> State {
        let balances = balances.iter().map(|(name, amount, currency)| Balance {
            name: (*name).to_owned(),
            amount: amount.parse().unwrap(),
            currency: Currency::new(currency).unwrap(),
        });
        State::default().answered(Reading { balances: balances.collect(), fetched_at: 7, stale: false })
    }

    fn say(state: &State) -> Wording {
        Wording::of(state, &config(), &Plain)
    }

    #[test]
    fn a_single_balance_needs_no_name() {
        let words = say(&shown(&[("balance", "225.35", "USD")]));
        assert_eq!(words.label, "Available credit");
        assert_eq!(words.lines[0].name, None);
        assert_eq!((&*words.lines[0].money, &*words.lines[0].in_words), ("USD 225.35", "225.35 of USD"));
        assert_eq!(words.as_of.as_deref(), Some("As of t=7"));
        assert_eq!((words.message, words.missed), (None, None));
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
        assert_eq!(words.message, None);
    }

    #[test]
    fn the_six_things_that_must_not_be_confused_look_different() {
        let stale = shown(&[("", "5", "USD")]).failed(Code::Network.into());
        let all = [
            say(&State::Waiting),
            say(&shown(&[("", "0", "USD")])),
            say(&shown(&[("", "-12.5", "USD")])),
            say(&shown(&[])),
            say(&State::default().failed(Code::InvalidResponse.into())),
            say(&stale),
        ];
        for (i, one) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|other| one != other), "{one:?}");
        }
        assert!(all[2].lines[0].negative && !all[1].lines[0].negative);
    }

    #[test]
    fn an_old_balance_says_why_it_is_old() {
        let state = shown(&[("", "5", "USD")]).failed(Code::Timeout.into());
        let words = say(&state);
        assert_eq!(words.lines.len(), 1);
        assert_eq!(words.missed.unwrap().title, "The server takes too long");
    }

    #[test]
    fn a_card_without_an_address_says_what_to_write() {
        let (config, _) = Config::read(|_| None);
        let words = Wording::of(&State::default().failed(Code::Config.into()), &config, &Plain);
        assert!(words.message.unwrap().advice.contains("proxy-url"));
    }

    #[test]
    fn every_trouble_has_words_of_its_own() {
        let codes = [
            Code::Config,
            Code::Offline,
            Code::Network,
            Code::Timeout,
            Code::Unauthorized,
            Code::Forbidden,
            Code::RateLimited,
            Code::Upstream,
            Code::InvalidResponse,
            Code::Unsupported,
        ];
        let mut titles: Vec<_> = codes.map(|code| advice(&code.into()).title).into();
        titles.extend(
            [
                Problem::CredentialsRefused,
                Problem::AddressRefused,
                Problem::Upstream,
                Problem::UpstreamTimeout,
            ]
            .map(|problem| {
                let body = format!(r#"{{"code":"{}"}}"#, problem.as_str());
                advice(&Trouble::from_status(502, &body, None)).title
            }),
        );
        let count = titles.len();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), count);
    }
}
