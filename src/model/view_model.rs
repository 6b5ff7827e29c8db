//! What the card says, decided without a browser.
//!
//! Numbers and times are written by a [`Format`]: by `Intl` in the browser, by a plain struct in
//! the tests. So every sentence that a person may read is tested on the host.

use super::age::{self, Unit};
use super::amount::Amount;
use super::announcer::Concerns;
use super::config::{Config, UrlError};
use super::error::{ErrorCode, FetchError, Problem};
use super::history_view::HistoryView;
use super::level::Level;
use super::poll_state::PollState;
use super::response::{Balance, Currency};
use super::schedule::Millis;
use super::state::{State, StateName};
use super::support;
use super::text::{Messages, Text};
use std::borrow::Cow;

/// Writes money and time in the reader's locale.
pub trait Format {
    /// An amount with its currency, such as `$225.35`.
    fn money(&self, amount: Amount, currency: &Currency) -> String;
    /// The same in full words for a screen reader, such as `225.35 US dollars`.
    fn money_in_words(&self, amount: Amount, currency: &Currency) -> String;
    /// A time today as the time alone, any other one with its date.
    fn date_time(&self, at: Millis) -> String;
    /// A time relative to now. Counts below zero are in the past, as in `3 minutes ago`.
    fn relative_time(&self, count: Millis, unit: Unit) -> String;
    /// A time for support, the same in every locale: RFC 3339 in UTC.
    fn timestamp(&self, at: Millis) -> String;
    /// A day, given in days since 1970-01-01.
    fn date(&self, day: i64) -> String;
    /// A number of days, such as `9 days`.
    fn days(&self, count: u32) -> String;
    /// Two whole numbers as a range, such as `6–14`.
    fn range(&self, low: u32, high: u32) -> String;
    /// A whole number.
    fn count(&self, count: usize) -> String;
}

/// A text of the card: borrowed where it is English, owned where the page or `Intl` provides it.
pub type Label = Cow<'static, str>;

/// One balance on the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmountLine {
    /// The name, where there is more than one balance.
    pub name: Option<String>,
    /// The amount as it is shown.
    pub money: String,
    /// The amount as a screen reader says it.
    pub in_words: String,
    /// Whether it is below zero.
    pub negative: bool,
    /// How much cause for concern it is, where there is more than one balance.
    pub level: Option<Level>,
}

/// A title with a piece of advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What is the matter.
    pub title: Label,
    /// What somebody can do about it.
    pub advice: Label,
}

/// How much of the credit limit is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    /// The share in percent, from 0 to 100.
    pub percent: u8,
    /// The share as a screen reader says it, such as `$200.00 of $800.00`.
    pub value_text: String,
    /// The limit, such as `of $800.00`.
    pub limit: String,
}

/// The texts of what can be pressed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActionLabels {
    /// The button that requests a fresh balance.
    pub refresh: Label,
    /// The same button below an error.
    pub retry: Label,
    /// The link to the top-up page.
    pub top_up: Label,
    /// The button that opens the details.
    pub details: Label,
    /// The button that copies the details for support.
    pub copy: Label,
}

/// Everything that a card shows at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewModel {
    /// The title of the card.
    pub label: Label,
    /// Everything that a card of one line has no room for, as its name and its tooltip.
    pub summary: Option<String>,
    /// What the card shows.
    pub state: StateName,
    /// How much cause for concern the balance is.
    pub level: Level,
    /// The balances. There are none while there is nothing to show.
    pub amounts: Vec<AmountLine>,
    /// Why there are no balances. `None` while loading.
    pub message: Option<Explanation>,
    /// When the balances were fetched, such as `As of 10:42`.
    pub as_of: Option<Label>,
    /// How long ago that was, if it is known.
    pub age: Option<String>,
    /// The meter, where there is a credit limit.
    pub meter: Option<Meter>,
    /// Whether the place of the meter is kept: there is a limit, and no balance that it could show.
    pub keeps_meter_place: bool,
    /// The warning that belongs to the level.
    pub alert: Option<Label>,
    /// What the history tells, where it is that of the balance.
    pub history: HistoryView,
    /// Why the balances are not up to date.
    pub outdated: Option<Label>,
    /// When the card tries again by itself after a failure.
    pub next_try: Option<Label>,
    /// Everything about the current problem: the message, or why the balances are outdated.
    pub details: Option<Explanation>,
    /// The details for support, if the card's request failed, or the server's.
    pub support: Option<String>,
    /// The texts of what can be pressed.
    pub actions: ActionLabels,
    /// What the live region announces when it changes.
    pub concerns: Concerns,
}

/// What a [`ViewModel`] is made of.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// What the poller knows.
    pub poll: &'a PollState,
    /// How much cause for concern the balance is.
    pub level: Level,
    /// The settings of the card.
    pub config: &'a Config,
    /// The sentences.
    pub messages: &'a Messages,
    /// The time, on the clock of [`super::FetchedAt::elapsed`].
    pub now: Millis,
    /// Whether the details for support have just been copied.
    pub copied: bool,
    /// What the history tells.
    pub history: &'a HistoryView,
}

impl ViewModel {
    /// What the card shows for this input.
    #[must_use]
    pub fn new(input: Input<'_>, format: &dyn Format) -> Self {
        let Input { poll, level, config, messages, now, copied, history } = input;
        let state = &poll.state;
        let balances = state.balances();
        let explanation =
            |(title, advice)| Explanation { title: messages.get(title), advice: messages.get(advice) };
        let (message, outdated) = (message(state, config), outdated(state));
        let problem = message.or(outdated);
        let alert = alert(level, balances);
        let mut view = Self {
            summary: None,
            label: config.label.clone().map_or_else(|| messages.get(Text::Label), Label::from),
            state: state.name(),
            level,
            message: message.map(explanation),
            as_of: state.reading().map(|reading| match reading.fetched_at {
                Some(at) => messages.format(Text::AsOf, &format.date_time(at.time)).into(),
                None => messages.get(Text::UnknownTime),
            }),
            age: state.reading().and_then(|reading| reading.age(now)).map(|age| {
                let (count, unit) = age::round(age);
                format.relative_time(-count, unit)
            }),
            meter: meter(balances, config, messages, format),
            keeps_meter_place: balances.is_empty() && config.credit_limit.is_some(),
            alert: alert.map(|text| warning(text, level, balances, config, messages)),
            amounts: amounts(balances, level, config, format),
            history: HistoryView {
                // It would contradict a balance that is used up, and follows from an old one.
                forecast: history
                    .forecast
                    .clone()
                    .filter(|_| problem.is_none() && alert != Some(Text::NothingLeft)),
                trend: history.trend.clone().filter(|_| config.trend && message.is_none()),
                details: history.details.clone(),
            },
            outdated: outdated.map(|(title, _)| messages.get(title)),
            next_try: poll.retry_at().map(|at| next_try(at - now, messages, format)),
            details: problem.map(explanation),
            support: state.cause().map(|error| {
                let url = config.proxy_url.as_deref().unwrap_or_default();
                // Nobody but the server knows when its own request has failed.
                let time = state.error().map(|_| format.timestamp(poll.failed_at));
                support::details(&error, url, time)
            }),
            actions: ActionLabels {
                refresh: messages.get(Text::Refresh),
                retry: messages.get(Text::Retry),
                top_up: messages.get(Text::TopUp),
                details: messages.get(Text::Details),
                copy: messages.get(if copied { Text::Copied } else { Text::Copy }),
            },
            concerns: Concerns { problem: problem.map(|(title, _)| title), alert },
        };
        view.summary = config.inline.then(|| summary_of(&view));
        view
    }
}

fn summary_of(view: &ViewModel) -> String {
    let several =
        view.amounts.iter().filter_map(|line| Some(format!("{} {}", line.name.as_ref()?, line.money)));
    let message = view.message.as_ref().map(|message| &message.title);
    let texts = [Some(&view.label), message, view.alert.as_ref(), view.outdated.as_ref()];
    let texts = texts.into_iter().flatten().map(ToString::to_string);
    let further = [view.history.forecast.clone(), view.as_of.as_deref().map(str::to_owned)];
    texts.chain(several).chain(further.into_iter().flatten()).collect::<Vec<_>>().join(" · ")
}

/// The warning, with the names of the balances that it is about, unless that is all of them.
fn warning(alert: Text, level: Level, balances: &[Balance], config: &Config, messages: &Messages) -> Label {
    let is_concerned = |balance: &&Balance| match alert {
        Text::NothingLeft => balance.amount <= Amount::ZERO,
        _ => level.of_balance(balance, config) >= level,
    };
    let concerned: Vec<_> = balances.iter().filter(is_concerned).map(display_name).collect();
    let text = messages.get(alert);
    // None of them, where the days that are left are the reason.
    if concerned.is_empty() || concerned.len() == balances.len() {
        return text;
    }
    format!("{} · {text}", concerned.join(", ")).into()
}

fn amounts(balances: &[Balance], level: Level, config: &Config, format: &dyn Format) -> Vec<AmountLine> {
    let several = balances.len() > 1;
    let line = |balance: &Balance| AmountLine {
        name: several.then(|| display_name(balance)),
        money: format.money(balance.amount, &balance.currency),
        in_words: format.money_in_words(balance.amount, &balance.currency),
        negative: balance.amount.is_negative(),
        level: several.then(|| level.of_balance(balance, config)),
    };
    balances.iter().map(line).collect()
}

fn display_name(balance: &Balance) -> String {
    let name = if balance.name.trim().is_empty() { balance.currency.code() } else { &balance.name };
    name.to_owned()
}

/// Only a single balance has a meter: several may not even share the currency of the limit.
fn meter(balances: &[Balance], config: &Config, messages: &Messages, format: &dyn Format) -> Option<Meter> {
    let [balance] = balances else { return None };
    let limit = config.credit_limit?;
    let percent = balance.amount.percent_of(limit)?;
    let money = format.money(balance.amount, &balance.currency);
    let limit = messages.format(Text::OfLimit, &format.money(limit, &balance.currency));
    Some(Meter { percent, value_text: format!("{money} {limit}"), limit })
}

fn alert(level: Level, balances: &[Balance]) -> Option<Text> {
    match level {
        _ if balances.is_empty() => None,
        Level::Ok => None,
        Level::Low => Some(Text::Low),
        Level::Critical if balances.iter().any(|balance| balance.amount <= Amount::ZERO) => {
            Some(Text::NothingLeft)
        }
        Level::Critical => Some(Text::Critical),
    }
}

fn next_try(wait: Millis, messages: &Messages, format: &dyn Format) -> Label {
    match age::round(wait) {
        (0, _) => messages.get(Text::RetryingSoon),
        (count, unit) => messages.format(Text::Retrying, &format.relative_time(count, unit)).into(),
    }
}

/// Title and advice in place of the balances.
fn message(state: &State, config: &Config) -> Option<(Text, Text)> {
    match (state, &config.proxy_url) {
        (State::Failed(_), Err(UrlError::Missing)) => Some((Text::NotSetUp, Text::NoUrlAdvice)),
        (State::Failed(_), Err(UrlError::NotHttp)) => Some((Text::NotSetUp, Text::NotHttpAdvice)),
        (State::Failed(error), Ok(_)) => Some(advice(error)),
        (State::Loaded { reading, .. }, _) if reading.balances.is_empty() => {
            Some((Text::NoAccount, Text::NoAccountAdvice))
        }
        _ => None,
    }
}

/// Title and advice about balances that are not up to date.
fn outdated(state: &State) -> Option<(Text, Text)> {
    let explanation = || state.cause().map_or((Text::Old, Text::OldAdvice), |error| advice(&error));
    state.is_stale().then(explanation)
}

/// Title and advice for every error.
pub(super) const fn advice(error: &FetchError) -> (Text, Text) {
    match (error.problem, error.code) {
        // A response would have a status.
        (None, ErrorCode::Config) if error.status.is_none() => (Text::CannotSend, Text::CannotSendAdvice),
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
pub(super) mod tests;
