//! The subcommands of the program: what an operator does besides running the proxy.
//!
//! Each has a file of its own, with its arguments and what it does. It prints its result to
//! standard output; an error is printed by `main`, to standard error.

mod history;
mod notifications;

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
    /// Standard output cannot be written.
    #[error("the result cannot be written: {0}")]
    Output(#[from] std::io::Error),
}

impl Command {
    /// Does what the subcommand says, and returns the status to end with.
    ///
    /// # Errors
    ///
    /// When it could not be done.
    pub async fn run(self, config: Config) -> Result<ExitCode, CommandError> {
        match self {
            Self::History(command) => command.run(config).await,
            Self::Notifications(command) => command.run(config).await,
        }
    }
}
