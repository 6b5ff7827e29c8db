//! `notify`: whether alerts arrive.

use super::CommandError;
use crate::alerts::send_test;
use crate::config::Config;
use clap::Subcommand;
use std::io::{Write, stdout};
use std::process::ExitCode;

/// What to do about the channels of alerts.
#[derive(Clone, Debug, Subcommand)]
pub enum Notify {
    /// Send an alert that says that it is a test to each channel; status 1 where one fails
    Test,
}

/// Why nothing could be sent.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// No variable names one.
    #[error(
        "there is no channel: set NOTIFY_WEBHOOK_URL, or NOTIFY_SMTP_URL with NOTIFY_MAIL_FROM and NOTIFY_MAIL_TO"
    )]
    NoChannel,
    /// The clients cannot be built.
    #[error("failed to prepare encrypted connections: {0}")]
    Client(String),
}

impl Notify {
    pub(super) async fn run(self, config: Config) -> Result<ExitCode, CommandError> {
        let Self::Test = self;
        let alerts = config.alerts.ok_or(NotifyError::NoChannel)?;
        let results = send_test(&alerts).await.map_err(NotifyError::Client)?;
        if results.is_empty() {
            return Err(NotifyError::NoChannel.into());
        }
        let mut status = ExitCode::SUCCESS;
        for (channel, result) in results {
            match result {
                Ok(()) => writeln!(stdout(), "{channel}: delivered")?,
                Err(error) => {
                    status = ExitCode::FAILURE;
                    writeln!(stdout(), "{channel}: failed: {error}")?;
                }
            }
        }
        Ok(status)
    }
}
