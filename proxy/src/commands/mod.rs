//! The subcommands of the program: what an operator does besides running the proxy.
//!
//! Each has a file of its own, with its arguments and what it does. It prints its result to
//! standard output; an error is printed by `main`, to standard error.

mod history;
mod notifications;
mod notify;

use crate::config::Config;
use clap::Subcommand;
use std::process::ExitCode;

/// A subcommand with its arguments.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// The balances that were recorded, for spreadsheets and from them
    #[command(subcommand)]
    History(history::HistoryCommand),
    /// Airalo's own notice of how much of the credit is used, sent to /webhooks/airalo
    #[command(subcommand)]
    Notifications(notifications::Notifications),

    /// The channels of alerts, a webhook and mail
    #[command(subcommand)]
    Notify(notify::Notify),
}

/// Why a subcommand has failed. The messages say what to do.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// There is no history, or it cannot be used.
    #[error(transparent)]
    History(#[from] history::HistoryError),
    /// Airalo could not be asked, or has refused.
    #[error(transparent)]
    Notifications(#[from] notifications::NotificationsError),
    /// There is nowhere to send a test alert to.
    #[error(transparent)]
    Notify(#[from] notify::NotifyError),
    /// Standard output cannot be written.
    #[error("the result cannot be written: {0}")]
    Output(#[from] std::io::Error),
}

impl Command {
    /// Whether it has nothing to do with an account, so that credentials may be missing.
    #[must_use]
    pub const fn needs_no_account(&self) -> bool {
        matches!(self, Self::Notify(_))
    }

    /// Does what the subcommand says, and returns the status to end with.
    ///
    /// # Errors
    ///
    /// When it could not be done.
    pub async fn run(self, config: Config) -> Result<ExitCode, CommandError> {
        match self {
            Self::History(command) => command.run(config).await,
            Self::Notifications(command) => command.run(config).await,
            Self::Notify(command) => command.run(config).await,
        }
    }
}
