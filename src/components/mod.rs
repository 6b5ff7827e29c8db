//! The markup of the card: typed props in, `html!` out.
//!
//! Nothing here touches the browser or waits for anything, so the markup is tested on the host.
//! [`Card`] puts the parts together; each part is a file.
//!
//! Four rules come from yew and from the pages around the card:
//!
//! - No component has a yew event listener. yew keeps a root with a listener alive for ever, and it
//!   numbers the elements that it listens on: a host page that is a yew app takes these numbers for
//!   its own. What can be pressed names its [`Action`] in an attribute instead, and
//!   `browser::clicks` listens for the whole card.
//! - Every part is always there, and hidden where it has nothing to say. So a loading card is as
//!   tall as a card with a balance, and yew never has to insert or remove a sibling.
//! - Lists are keyed. yew pairs unkeyed children from the end and would replace the first ones.
//! - Every text is written by [`text::text`], because translators replace text nodes.

mod action;
mod actions;
mod amounts;
mod card;
mod chart;
mod details;
mod header;
mod history;
#[cfg(feature = "element")]
mod history_board;
mod icons;
mod live_region;
mod message;
mod meter;
mod notice;
mod status_line;
mod text;
mod trend;

pub(crate) use action::Action;
pub(crate) use card::Card;
pub(crate) use details::SUPPORT;
pub(crate) use header::FOCUS_FALLBACK;
#[cfg(feature = "element")]
pub(crate) use history_board::history_board;

/// The stylesheet of the card. Its custom properties belong to `:host`, so it needs a shadow root, and
/// the element that the card is rendered into needs the class `stage`.
pub(crate) const STYLESHEET: &str = include_str!("card.css");
