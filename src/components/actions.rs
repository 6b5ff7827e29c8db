//! The top-up link and the button that tries again.

use super::action::Action;
use super::text::text;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    /// The name of the link.
    pub(super) top_up: AttrValue,
    /// Where it leads. Without a URL it is hidden.
    pub(super) top_up_url: Option<AttrValue>,
    /// The name of the button.
    pub(super) retry: AttrValue,
    pub(super) can_retry: bool,
}

#[component]
pub(super) fn Actions(props: &Props) -> Html {
    let Props { top_up, top_up_url, retry, can_retry } = props;
    html! {
        <div part="actions" class="actions">
            <slot name="actions" />
            <a
                part="top-up"
                class="button top-up"
                hidden={top_up_url.is_none()}
                href={top_up_url}
                target="_blank"
                rel="noopener noreferrer"
                data-action={Action::TopUp.as_str()}
            >
                { text(top_up.as_str()) }
            </a>
            <button
                type="button"
                part="retry"
                class="button"
                hidden={!can_retry}
                data-action={Action::Refresh.as_str()}
            >
                { text(retry.as_str()) }
            </button>
        </div>
    }
}
