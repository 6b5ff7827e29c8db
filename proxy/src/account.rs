//! One account at the partner: its balances, asked for with a token that is renewed once.

use crate::failure::Failure;
use crate::token::{Bearer, Tokens};
use crate::upstream::Partner;
use airalo_balance::model::Balance;
use std::time::Duration;

/// After any trouble with a token: Airalo allows three requests for one in a minute.
const TOKEN_PAUSE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Account {
    partner: Partner,
    tokens: Tokens,
    /// For everything that one balance may need.
    deadline: Duration,
}

/// A failure, and at what.
#[derive(Debug, thiserror::Error)]
#[error("failed to get {}: {failure}", step.name())]
pub(crate) struct Failed {
    step: Step,
    pub(crate) failure: Failure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Token,
    Balance,
}

impl Step {
    const fn name(self) -> &'static str {
        match self {
            Self::Token => "a token",
            Self::Balance => "the balance",
        }
    }
}

impl Failed {
    fn at(step: Step) -> impl FnOnce(Failure) -> Self {
        move |failure| Self { step, failure }
    }

    /// The shortest time after which another try cannot do harm.
    pub(crate) fn least_pause(&self) -> Duration {
        if self.step == Step::Token { TOKEN_PAUSE } else { Duration::ZERO }
    }
}

impl From<tokio::task::JoinError> for Failed {
    fn from(error: tokio::task::JoinError) -> Self {
        Self { step: Step::Balance, failure: error.into() }
    }
}

impl Account {
    pub(crate) fn new(partner: Partner, deadline: Duration) -> Self {
        Self { partner, tokens: Tokens::default(), deadline }
    }

    /// Asks Airalo for the balances now.
    pub(crate) async fn balances(&self) -> Result<Vec<Balance>, Failed> {
        tokio::time::timeout(self.deadline, self.ask())
            .await
            .unwrap_or(Err(Failed { step: Step::Balance, failure: Failure::TimedOut }))
    }

    /// A refused token is renewed and the request repeated, once. No other failure is: a refused
    /// address says nothing about the token, and the rest is left to the next round.
    async fn ask(&self) -> Result<Vec<Balance>, Failed> {
        let bearer = self.tokens.get(&self.partner).await.map_err(Failed::at(Step::Token))?;
        match self.ask_with(&bearer).await {
            Err(Failed { failure: Failure::TokenRefused, .. }) => {
                tracing::debug!("the token is refused and will be renewed");
                let renewed =
                    self.tokens.renew(&self.partner, &bearer).await.map_err(Failed::at(Step::Token))?;
                self.ask_with(&renewed).await
            }
            other => other,
        }
    }

    async fn ask_with(&self, bearer: &Bearer) -> Result<Vec<Balance>, Failed> {
        self.partner.balances(bearer.secret()).await.map_err(Failed::at(Step::Balance))
    }
}
