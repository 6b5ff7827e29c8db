//! Why the proxy cannot start.

use airalo_balance_sandbox::ServeError;
use std::io;
use std::path::PathBuf;

/// Why the proxy cannot start although its configuration is valid.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is in use, or this process may not use it.
    #[error("  {variable}: the address cannot be used ({error}); choose another")]
    Listen {
        /// The variable that names the address.
        variable: &'static str,
        /// The error of the operating system.
        error: io::Error,
    },
    /// The machine has no root certificates to verify Airalo's certificate with.
    #[error(
        "  failed to prepare encrypted requests: {0}\n  install the package ca-certificates, or its like, or name a file of root certificates in SSL_CERT_FILE"
    )]
    Client(String),
    /// The URL of Redis cannot be used.
    #[error("  REDIS_URL: {0}")]
    Redis(String),
    /// The file of the history cannot be used.
    #[error(
        "  HISTORY: {} cannot be used ({error}); name a file in a directory that this program may write to, or remove HISTORY",
        file.display()
    )]
    History {
        /// The file.
        file: PathBuf,
        /// What SQLite says, or that a later version has written it.
        error: String,
    },
    /// There is no memory for the history of the sandbox.
    #[error("  the invented history of the stand-in cannot be made: {0}")]
    InventedHistory(String),
    /// The sandbox cannot start.
    #[error("  SANDBOX_LISTEN: {0}")]
    Sandbox(#[from] ServeError),
}
