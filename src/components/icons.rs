//! Icons. They are decorative, so screen readers skip them.

use yew::prelude::*;

/// A circular arrow.
pub(super) fn refresh_icon() -> Html {
    stroked("M16.5 10a6.5 6.5 0 1 1-1.9-4.6M16.5 2.5v4h-4")
}

/// A triangle with an exclamation mark.
pub(super) fn alert_icon() -> Html {
    stroked("M10 3.2 18 17H2ZM10 8.4v4M10 14.6v.1")
}

fn stroked(path: &'static str) -> Html {
    html! {
        <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
            <path
                d={path}
                fill="none"
                stroke="currentColor"
                stroke-width="1.75"
                stroke-linecap="round"
                stroke-linejoin="round"
            />
        </svg>
    }
}
