//! The words of an alert: plain text, for a chat, a mail and the log.

use super::alert::{Alert, Kind, LastKnown};
use crate::balance_text::amount_text;
use airalo_balance::model::config::PARTNER_CONSOLE;
use airalo_balance::model::history::DaysLeft;
use airalo_balance::model::{Amount, Balance};
use jiff::Timestamp;

/// Longer names are cut.
const LONGEST_NAME: usize = 40;

impl Alert {
    /// One line: what it is about, and how much there is. It is the subject of a mail.
    pub(crate) fn title(&self) -> String {
        let known = self.known.as_ref();
        let amount = known.and_then(deciding_amount);
        let with_amount = |text: &str| match &amount {
            Some(amount) => format!("{text}: {amount}"),
            None => text.to_owned(),
        };
        match &self.kind {
            Kind::Low => with_amount("Airalo credit is low"),
            Kind::Critical if known.is_some_and(is_used_up) => with_amount("Airalo credit is used up"),
            Kind::Critical => with_amount("Airalo credit is critical"),
            Kind::Ok => with_amount("Airalo credit is enough again"),
            Kind::Unreadable { .. } => "Airalo balance cannot be read".to_owned(),
            Kind::Readable { .. } => with_amount("Airalo balance can be read again"),
            Kind::Test => "Test: alerts about Airalo credit arrive here".to_owned(),
        }
    }

    /// All of it, several lines. Nothing in it is markup for a chat.
    pub(crate) fn text(&self) -> String {
        let mut lines = vec![self.title()];
        match &self.kind {
            Kind::Unreadable { since, problem } => {
                lines.push(format!(
                    "No reading has succeeded since {}; the problem is {problem}.",
                    minute(*since)
                ));
            }
            Kind::Readable { since } => lines.push(format!("It could not be read since {}.", minute(*since))),
            Kind::Test => lines.push("Nothing is wrong; somebody has run `notify test`.".to_owned()),
            Kind::Low | Kind::Critical | Kind::Ok => {}
        }
        if let Some(known) = &self.known {
            if let Kind::Unreadable { .. } = self.kind {
                lines.push(format!("Last known, at {}: {}", minute(known.at), all_amounts(known)));
            } else if known.balances.len() > 1 {
                lines.push(all_amounts(known));
            }
            lines.extend(forecast_text(known));
        }
        if let Kind::Low | Kind::Critical = self.kind {
            lines.push(format!("Top up: {PARTNER_CONSOLE}"));
        }
        lines.push(match self.kind {
            // Nothing was read for it.
            Kind::Test => minute(self.at),
            _ => {
                let (level, before) = (self.level.as_str(), self.previous.as_str());
                format!("Level: {level} (before: {before}), {}", minute(self.at))
            }
        });
        lines.join("\n")
    }
}

fn is_used_up(known: &LastKnown) -> bool {
    known.balances.get(known.worst).is_some_and(|balance| balance.amount <= Amount::ZERO)
}

/// The balance that decides, by its name where there are several.
fn deciding_amount(known: &LastKnown) -> Option<String> {
    let balance = known.balances.get(known.worst)?;
    Some(if known.balances.len() > 1 { named_amount(balance) } else { amount_text(balance) })
}

fn all_amounts(known: &LastKnown) -> String {
    known.balances.iter().map(named_amount).collect::<Vec<_>>().join(" · ")
}

fn named_amount(balance: &Balance) -> String {
    let name = plain(&balance.name);
    let amount = amount_text(balance);
    if name.is_empty() { amount } else { format!("{amount} ({name})") }
}

/// The first balance is the one that the forecast is about, whichever one decides the level.
fn forecast_text(known: &LastKnown) -> Option<String> {
    let forecast = known.forecast.as_ref()?;
    let balance = known.balances.first()?;
    let currency = balance.currency.clone();
    let per_day = Balance { name: String::new(), amount: forecast.spent_per_day, currency };
    let left = days_text(forecast.days_left);
    let name = if known.balances.len() > 1 { plain(&balance.name) } else { String::new() };
    let of_balance = if name.is_empty() { String::new() } else { format!(" for {name}") };
    Some(format!("{left}{of_balance}, at {} a day", amount_text(&per_day)))
}

/// As on the card: the middle, and the range.
fn days_text(left: DaysLeft) -> String {
    let Some(middle) = left.middle else { return "More than 90 days left".to_owned() };
    let unit = if middle == 1 { "day" } else { "days" };
    let high = left.high.map_or_else(|| "more than 90".to_owned(), |high| high.to_string());
    format!("About {middle} {unit} left ({}–{high})", left.low)
}

/// A name without what a chat would take for a mention, a link or another style.
fn plain(name: &str) -> String {
    let is_plain = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | ',' | '\'');
    name.chars().filter(is_plain).take(LONGEST_NAME).collect::<String>().trim().to_owned()
}

/// `2026-11-29 21:10 UTC`
fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::alert::KnownForecast;
    use airalo_balance::model::{Currency, Level};

    fn balance(name: &str, amount: &str, code: &str) -> Balance {
        Balance {
            name: name.to_owned(),
            amount: amount.parse().unwrap(),
            currency: Currency::new(code).unwrap(),
        }
    }

    fn alert(kind: Kind, balances: Vec<Balance>) -> Alert {
        let at: Timestamp = "2026-11-29T21:10:54Z".parse().unwrap();
        let days_left = DaysLeft { low: 3, middle: Some(5), high: Some(8) };
        let forecast =
            Some(KnownForecast { spent_per_day: "31.5".parse().unwrap(), days_left, runs_out: Some(20_791) });
        let known = Some(LastKnown { at, balances, worst: 0, forecast });
        Alert { kind, at, level: Level::Low, previous: Level::Ok, known }
    }

    #[test]
    fn an_alert_says_amount_level_days_and_where_to_top_up() {
        assert_eq!(
            alert(Kind::Low, vec![balance("balance", "1180.5", "USD")]).text(),
            "Airalo credit is low: USD 1,180.50\n\
             About 5 days left (3–8), at USD 31.50 a day\n\
             Top up: https://app.partners.airalo.com\n\
             Level: low (before: ok), 2026-11-29 21:10 UTC"
        );
    }

    #[test]
    fn of_several_balances_the_one_that_decides_is_named_and_all_are_there() {
        let text =
            alert(Kind::Critical, vec![balance("Asia", "0", "USD"), balance("EU", "980", "EUR")]).text();
        assert!(
            text.starts_with(
                "Airalo credit is used up: USD 0.00 (Asia)\nUSD 0.00 (Asia) · EUR 980.00 (EU)\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn the_days_and_the_use_are_those_of_the_first_balance_though_another_one_decides() {
        let mut alert = alert(Kind::Low, vec![balance("a", "5000", "USD"), balance("b", "10", "EUR")]);
        alert.known.as_mut().unwrap().worst = 1;
        let text = alert.text();
        assert!(text.starts_with("Airalo credit is low: EUR 10.00 (b)\n"), "{text}");
        assert!(text.contains("\nAbout 5 days left (3–8) for a, at USD 31.50 a day\n"), "{text}");
    }

    #[test]
    fn what_cannot_be_read_is_not_called_enough_or_low() {
        let since = "2026-11-29T20:10:00Z".parse().unwrap();
        let kind = Kind::Unreadable { since, problem: "upstream".to_owned() };
        let text = alert(kind, vec![balance("", "5", "JPY")]).text();
        for part in [
            "cannot be read\n",
            "since 2026-11-29 20:10 UTC",
            "problem is upstream",
            "at 2026-11-29 21:10 UTC: JPY 5",
        ] {
            assert!(text.contains(part), "{part} is not in:\n{text}");
        }
    }

    #[test]
    fn a_name_cannot_mention_anybody_or_hold_a_link() {
        let names = [("<!channel> @all [x](http://e)", "channel all xhttpe"), ("a\nb\u{202e}*_`", "ab")];
        for (name, plain_name) in names {
            assert_eq!(plain(name), plain_name);
        }
        assert_eq!(plain(&"x".repeat(500)).len(), LONGEST_NAME);
    }
}
