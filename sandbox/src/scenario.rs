//! The ways in which the sandbox can behave.

use clap::ValueEnum;

/// A way in which the sandbox behaves.
///
/// The command line and the admin endpoints use the kebab-case names, and show the first line of
/// each comment. Scenarios affect `GET /v2/balance`, unless they are about tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// As documented: the balance falls with orders and rises with top-ups
    #[default]
    Normal,
    /// A balance of zero
    Zero,
    /// A negative balance
    Negative,
    /// Several balances in several currencies
    Several,
    /// No account: an empty list of balances
    NoAccountEmptyList,
    /// No account: balances is null
    NoAccountNull,
    /// No account: the field balances is missing
    NoAccountAbsent,
    /// No account: an empty list named accounts
    NoAccountAccounts,
    /// No account: data is an empty list
    NoAccountDataList,
    /// The amount is a string
    StringAmount,
    /// The amount has more digits than a 64-bit float can keep
    LongAmount,
    /// Attributes that are not documented, which Airalo may add at any time
    UnknownFields,
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
    /// The response begins too late
    SlowHeaders,
    /// The response comes byte by byte
    SlowBody,
    /// The connection is closed in the middle of the body
    CutOff,
    /// The connection is reset instead of a response
    Reset,
    /// A page of HTML with status 200
    Html,
    /// A page of HTML with status 502, as from a gateway
    #[value(name = "html-502")]
    Html502,
    /// A page of HTML with status 504, as from a gateway
    #[value(name = "html-504")]
    Html504,
    /// Status 200 and no body
    EmptyBody,
    /// A balance followed by a megabyte of spaces
    EndlessBody,
    /// JSON that is not a documented response
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
    /// All scenarios, in the order of the console.
    #[must_use]
    pub fn all() -> &'static [Self] {
        Self::value_variants()
    }

    /// The scenario of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::from_str(name, false).ok()
    }

    /// The kebab-case name.
    #[must_use]
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// What happens in this scenario, in a few words.
    #[must_use]
    pub fn description(self) -> String {
        let help = self.to_possible_value().and_then(|value| value.get_help().map(ToString::to_string));
        help.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_is_found_by_its_name_and_has_a_description() {
        for scenario in Scenario::all() {
            assert_eq!(Scenario::from_name(&scenario.name()), Some(*scenario));
            assert!(!scenario.description().is_empty(), "{}", scenario.name());
        }
    }

    #[test]
    fn an_unknown_name_is_no_scenario() {
        assert_eq!(Scenario::from_name("Normal"), None);
        assert_eq!(Scenario::from_name(""), None);
    }
}
