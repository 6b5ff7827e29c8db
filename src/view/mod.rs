//! The look of the card: words and a state in, markup out.
//!
//! Nothing here touches the page or waits for anything, so the markup is tested on the host.

mod card;

pub(crate) use card::{ACTION, Look, REFRESH, TOP_UP, card};

/// The stylesheet of the card, for whoever puts the component into a page of their own.
///
/// The custom element brings it along, in its shadow root.
pub const STYLESHEET: &str = include_str!("card.css");
