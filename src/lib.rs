//! A card that shows how much credit is left with Airalo.
//!
//! The card requests one URL, your proxy, and never sees a credential.
//! It keeps the last balance when a newer one cannot be had, and shows how old it is.
//! Pages use it as the custom element `<airalo-balance>`; yew apps use [`BalanceCard`].
//!
//! # Where to start
//!
//! - [`model`] is what the card knows, decides and says. It has no browser and no clock, and the
//!   proxy parses the partner's responses with it. Begin with [`model::state`] for the behaviour,
//!   [`model::response`] for the money, [`model::schedule`] for when the card makes a request,
//!   [`model::view_model`] for what it shows, [`model::history_view`] for what it says of the
//!   history, [`model::text`] for the sentences, [`model::error`] for the errors, [`model::history`]
//!   for what was spent and how long the rest lasts.
//! - `components` is the markup: yew components with typed props, and the stylesheet.
//! - `browser` is every call to the outside. Each one stops when it is dropped.
//! - `app` is [`BalanceCard`], which owns the state and ties these together.
//! - [`element`] is what JavaScript calls. The class in `www/element/` calls it.
//!
//! ARCHITECTURE.md says where to change what.

#[cfg(feature = "card")]
mod app;
#[cfg(feature = "card")]
mod browser;
#[cfg(feature = "card")]
mod components;
#[cfg(feature = "card")]
pub mod element;
pub mod model;

#[cfg(feature = "card")]
pub use app::{BalanceCard, HistoryPage, HistoryPageProps, Message, Props};
#[cfg(feature = "card")]
pub use browser::{Headers, StartedRequest};
#[cfg(feature = "card")]
pub use components::STYLESHEET;
