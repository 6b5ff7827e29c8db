//! The props of the component.

use crate::browser::{Headers, StartedRequest};
use crate::model::{Config, Level, Messages, PollState};
use std::rc::Rc;
use web_sys::{Element, Event};
use yew::prelude::*;

/// The props of an [`App`](super::App). Only `config` is required.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct Props {
    /// The settings of the card.
    pub config: Rc<Config>,
    /// The sentences of the page or of its language.
    #[prop_or_default]
    pub messages: Rc<Messages>,
    /// The language of `messages`, if it is not English.
    #[prop_or_default]
    pub language: Option<AttrValue>,
    /// The page's request headers, read before every request. Another value is used for the next
    /// one; it makes a request only while no balance is shown.
    #[prop_or_default]
    pub headers: Option<Headers>,
    /// The locale of numbers and times, where it is not that of `config`.
    #[prop_or_default]
    pub lang: Option<AttrValue>,
    /// Where relative URLs start from, if not from the URL of the page as it is now.
    #[prop_or_default]
    pub base_url: Option<AttrValue>,
    /// The element that holds the card. With `loading="lazy"` its position counts.
    #[prop_or_default]
    pub host: Option<Element>,
    /// A request for the balance that is in flight already. Only the first render reads it.
    #[prop_or_default]
    pub first_request: Option<StartedRequest>,
    /// The body of a response that the page contains. It counts if it is newer than what is known.
    #[prop_or_default]
    pub initial_data: Option<Rc<str>>,
    /// The balance that the page knows is that of another user, as after a new `reset_count`. Only the
    /// first render reads it.
    #[prop_or_default]
    pub reset_at_start: bool,
    /// A new number asks for a fresh balance.
    #[prop_or_default]
    pub refresh_count: u32,
    /// A new number forgets the balance and asks for a fresh one.
    #[prop_or_default]
    pub reset_count: u32,
    /// Receives every new state.
    #[prop_or_default]
    pub on_update: Callback<(Rc<PollState>, Level)>,
    /// Receives clicks on the top-up link with its URL, and may prevent their default action.
    #[prop_or_default]
    pub on_top_up: Callback<(Event, Option<String>)>,
    /// Receives announcements for a live region that outlives the card. Without this callback the
    /// card has a live region of its own.
    #[prop_or_default]
    pub on_announcement: Option<Callback<String>>,
}

impl Props {
    /// The locale of numbers and times.
    pub(super) fn locale(&self) -> Option<&str> {
        self.lang.as_deref().or(self.config.locale.as_deref())
    }
}
