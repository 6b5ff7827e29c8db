//! Every call to the outside: the clock, one request, `Intl`, the page's language.
//!
//! What is started here is a value, and dropping the value stops it.
//! Nothing in here decides anything; that is what [`crate::model`] is for.

pub(crate) mod attention;
pub(crate) mod clicks;
pub(crate) mod clock;
pub(crate) mod fetch;
pub(crate) mod intl;
pub(crate) mod locale;
pub(crate) mod poller;
pub(crate) mod tabs;

pub use fetch::{Headers, Started};
