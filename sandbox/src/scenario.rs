//! The ways in which the stand-in can behave.

use clap::ValueEnum;

/// One way to behave. Its name is the kebab-case one that the command line and the console use.
///
/// All but the first are about `GET /v2/balance`, unless they name the token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// As documented: the balance falls with orders and rises with top-ups
    #[default]
    Normal,
    /// A balance of exactly nothing
    Zero,
    /// A balance below nothing
    Negative,
    /// Several balances in several currencies
    Several,
    /// No account: an empty list of balances
    NoAccountEmptyList,
    /// No account: balances is null
    NoAccountNull,
    /// No account: no balances at all
    NoAccountAbsent,
    /// No account: an empty list named accounts
    NoAccountAccounts,
    /// No account: data is an empty list
    NoAccountDataList,
    /// The amount is a string
    StringAmount,
    /// The amount has more digits than a binary fraction can keep
    LongAmount,
    /// Every token issued so far has expired; new ones work
    ExpiredTokens,
    /// No token is accepted, however new
    TokenRefused,
    /// The client secret is refused
    CredentialsRefused,
    /// The token endpoint answers 500
    TokenError,
    /// The token endpoint answers without a token
    TokenMissing,
    /// The server's address is not on the allow-list: 403, code 89
    AddressRefused,
    /// 429 with Retry-After in seconds
    RateLimited,
    /// 429 with Retry-After as a date
    RateLimitedUntil,
    /// 429 without Retry-After
    RateLimitedSilently,
    /// The server answers 500
    #[value(name = "error-500")]
    Error500,
    /// The server answers 503 with Retry-After
    #[value(name = "error-503")]
    Error503,
    /// The answer begins too late
    SlowHeaders,
    /// The answer comes byte by byte
    SlowBody,
    /// The connection is closed in the middle of the body
    CutOff,
    /// The connection is reset instead of an answer
    Reset,
    /// A page of HTML with status 200
    Html,
    /// A gateway's page of HTML with status 502
    #[value(name = "html-502")]
    Html502,
    /// Status 200 and no body
    EmptyBody,
    /// A balance with a megabyte of blanks behind it
    EndlessBody,
    /// JSON that is no documented answer
    WrongJson,
    /// Status 200, but the message does not say success
    NotSuccess,
    /// An amount that is not a number
    NotANumber,
    /// An amount that cannot be kept exactly
    TooPrecise,
    /// A balance without an amount
    NoAmount,
    /// A balance without a currency
    NoCurrency,
    /// The server redirects elsewhere
    Redirect,
}

impl Scenario {
    /// All of them, in the order of the console.
    #[must_use]
    pub fn all() -> &'static [Self] {
        Self::value_variants()
    }

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::from_str(name, false).ok()
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// What happens in it, in a few words.
    #[must_use]
    pub fn about(self) -> String {
        let help = self.to_possible_value().and_then(|value| value.get_help().map(ToString::to_string));
        help.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_is_found_by_its_name_and_says_what_it_does() {
        for scenario in Scenario::all() {
            assert_eq!(Scenario::named(&scenario.name()), Some(*scenario));
            assert!(!scenario.about().is_empty(), "{}", scenario.name());
        }
    }

    #[test]
    fn an_unknown_name_is_no_scenario() {
        assert_eq!(Scenario::named("Normal"), None);
        assert_eq!(Scenario::named(""), None);
    }
}
