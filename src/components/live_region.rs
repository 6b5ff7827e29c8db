//! The status region that screen readers announce.

use super::text::text;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    /// The text of the region, or nothing where the page has a region for the card.
    pub(super) announcement: Option<AttrValue>,
}

#[component]
pub(super) fn LiveRegion(props: &Props) -> Html {
    let role = props.announcement.is_some().then_some("status");
    html! { <div class="spoken" role={role}>{ text(props.announcement.as_deref()) }</div> }
}
