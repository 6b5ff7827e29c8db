//! The look of the card: words and a state in, markup out.
//!
//! Nothing here touches the page or waits for anything, so the markup is tested on the host.

mod card;
mod template;

pub(crate) use card::{ACTION, COPY, Look, REFRESH, TOP_UP, card};

/// The stylesheet of the card. Its colours and sizes are custom properties of `:host`, so it
/// belongs into a shadow root: the custom element brings one along, and whoever uses the
/// component alone makes one.
pub const STYLESHEET: &str = include_str!("card.css");
