//! The proxy against doubles of the partner API that share no code with the stand-in.
//!
//! They are written from Airalo's published description alone, so that the stand-in and the proxy
//! cannot share a mistake. [`double`] answers what is documented, [`raw`] what no HTTP library sends.

#![expect(clippy::unwrap_used, reason = "a failure in a helper is a failure of its test")]

mod answers;
mod broken;
mod double;
mod errors;
mod leaks;
mod limits;
mod raw;
mod requests;
mod tokens;
#[path = "../api/support/wait.rs"]
mod wait;
