//! A card that shows how much credit is left with Airalo.
//!
//! The card requests one URL, your proxy, and never sees a credential.
//! It keeps the last balance when a newer one cannot be had, and shows how old it is.
//!
//! # In a yew app
//!
//! ```
//! use airalo_balance::{BalanceCard, ErrorDetail};
//! use yew::prelude::*;
//!
//! #[component]
//! fn Panel() -> Html {
//!     let on_error = Callback::from(|error: ErrorDetail| println!("{:?}", error.code));
//!     html! { <BalanceCard proxy_url="/api/balance" low_threshold="200" {on_error} /> }
//! }
//! ```
//!
//! That is all: [`BalanceCard`] brings its styles along, in a shadow root of its own, and works under a
//! policy against inline styles. [`BalanceCardProps`] has every prop, and [`Words`] the languages
//! besides English. `examples/yew-host` is an app with three cards.
//!
//! Pages without yew use the custom element `<airalo-balance>`, which is built from the same code.
//!
//! # Where to start, to change it
//!
//! - `model` is what the card knows, decides and says. It has no browser and no clock, and the proxy
//!   parses the partner's responses with it. Begin with `model::state` for the behaviour,
//!   `model::response` for the money, `model::schedule` for when the card makes a request,
//!   `model::view_model` for what it shows, `model::history_view` for what it says of the history,
//!   `model::text` for the sentences, `model::error` for the errors, `model::history` for what was
//!   spent and how long the rest lasts.
//! - `components` is the markup: yew components with typed props, and the stylesheet.
//! - `browser` is every call to the outside. Each one stops when it is dropped.
//! - `app` is the component that owns the state and ties these together.
//! - `balance_card` is [`BalanceCard`], what yew apps use.
//! - `element` is what JavaScript calls. The class in `www/element/` calls it.
//!
//! ARCHITECTURE.md says where to change what. What is not on this page is for the programs of this
//! repository, and may change with any version.

#[cfg(feature = "card")]
mod app;
#[cfg(feature = "card")]
mod balance_card;
#[cfg(feature = "card")]
mod browser;
#[cfg(feature = "card")]
mod components;
#[cfg(feature = "element")]
#[doc(hidden)]
pub mod element;
#[doc(hidden)]
pub mod model;

#[cfg(feature = "card")]
pub use balance_card::{BalanceCard, BalanceCardProps, Theme, TopUp, Variant};
#[cfg(feature = "card")]
pub use browser::Headers;
#[cfg(feature = "card")]
pub use model::{
    Amount, Balance, Currency, ErrorCode, Level, Messages, Text, Words,
    amount::NotExact,
    config::{Credentials, Loading},
    events::{ChangeDetail, DaysLeftDetail, ErrorDetail, ForecastDetail, LevelDetail, Snapshot},
};

/// What the tests of this repository use besides.
#[cfg(feature = "card")]
#[doc(hidden)]
pub mod internal {
    pub use crate::app::{App, Message, Props};
    pub use crate::browser::StartedRequest;
}
