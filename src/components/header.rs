//! The title of the card and the button that refreshes it.

use super::action::Action;
use super::icons::refresh_icon;
use super::text::text;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) label: AttrValue,
    /// The name of the button.
    pub(super) refresh: AttrValue,
    pub(super) can_refresh: bool,
}

/// Selects what takes the focus where what had it goes away.
pub(crate) const FOCUS_FALLBACK: &str = ".refresh:not([hidden]), .top-up:not([hidden])";

#[component]
pub(super) fn Header(props: &Props) -> Html {
    let Props { label, refresh, can_refresh } = props;
    html! {
        <div part="header" class="header">
            <slot name="label"><span part="label" class="label">{ text(label.as_str()) }</span></slot>
            <button
                type="button"
                part="refresh"
                class="refresh"
                hidden={!can_refresh}
                aria-label={refresh}
                title={refresh}
                data-action={Action::Refresh.as_str()}
            >
                { refresh_icon() }
            </button>
        </div>
    }
}
