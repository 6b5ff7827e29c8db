//! A card that shows how much credit is left with Airalo.
//!
//! The card asks one URL, your proxy, and never sees a credential.
//! It keeps the last answer when a newer one cannot be had, and says from when it is.
//! Pages use it as the custom element `<airalo-balance>`; pages that are yew apps themselves
//! use [`BalanceCard`].
//!
//! # Where to start
//!
//! - [`model`] is what the card knows, decides and says. It has no browser and no clock, so it
//!   is also what the proxy reads the partner's answers with.
//!   Begin with [`model::state`] for the behaviour, [`model::answer`] for the money,
//!   [`model::schedule`] for when it asks, [`model::wording`] for what it says.
//! - `browser` is every call to the outside; each one stops when it is dropped.
//! - `view` is the look: the markup, the word in each place of it, and the stylesheet. `drawing`
//!   puts that on the page, and afterwards only what is new.
//! - `balance` and `app` tie these together: what one card knows, and the one component.
//! - [`element`] is the door for JavaScript, and `www/` holds the class that knocks on it.

#[cfg(feature = "card")]
mod app;
#[cfg(feature = "card")]
mod balance;
#[cfg(feature = "card")]
mod browser;
#[cfg(feature = "card")]
mod drawing;
#[cfg(feature = "card")]
pub mod element;
pub mod model;
#[cfg(feature = "card")]
mod view;

#[cfg(feature = "card")]
pub use app::{BalanceCard, Props};
#[cfg(feature = "card")]
pub use browser::{Headers, Started};
#[cfg(feature = "card")]
pub use view::STYLESHEET;
