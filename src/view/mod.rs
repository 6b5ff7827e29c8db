//! The look of the card: its markup, and what is in each place of it.
//!
//! Nothing here touches the page, knows a framework or waits for anything, so all of it is tested
//! on the host. `src/drawing.rs` puts it on the page.

mod card;
mod template;

pub(crate) use card::{ACTION, CARD, COPY, LINE, Look, Place, REFRESH, Speaker, TOP_UP};
pub(crate) use template::{Markup, Named};

/// The stylesheet of the card. Its colours and sizes are custom properties of `:host`, so it
/// belongs into a shadow root: the custom element brings one along, and whoever uses the
/// component alone makes one.
pub const STYLESHEET: &str = include_str!("../components/card.css");
