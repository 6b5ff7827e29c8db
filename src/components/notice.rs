//! The warning of the level, how long the credit will last, and why the balance is not up to date.
//!
//! The card keeps space for it, so it is as tall with a notice as without.

use super::icons::alert_icon;
use super::text::text;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) alert: Option<AttrValue>,
    pub(super) outdated: Option<AttrValue>,
    pub(super) next_try: Option<AttrValue>,
    /// How long the credit will last.
    pub(super) forecast: Option<AttrValue>,
    /// Whether there are details to open.
    pub(super) has_details: bool,
    /// The name of the button that opens them.
    pub(super) details: AttrValue,
    /// The id of the popover with the details.
    pub(super) popover: AttrValue,
}

#[component]
pub(super) fn Notice(props: &Props) -> Html {
    let Props { alert, outdated, next_try, forecast, has_details, details, popover } = props;
    html! {
        <div class="notice" title={forecast}>
            <div part="alert" class="alert" hidden={alert.is_none()}>
                { alert_icon() }
                <span>{ text(alert.as_deref()) }</span>
            </div>
            <span class="outdated" hidden={outdated.is_none()}>{ text(outdated.as_deref()) }</span>
            <button type="button" part="more" class="more" hidden={!has_details} popovertarget={popover}>
                { alert_icon() }
                <span>{ text(details.as_str()) }</span>
            </button>
            <span class="next-try" hidden={next_try.is_none()}>{ text(next_try.as_deref()) }</span>
            <span part="forecast" class="forecast" hidden={forecast.is_none()}>{ text(forecast.as_deref()) }</span>
        </div>
    }
}
