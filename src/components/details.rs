//! A popover with everything about the current problem. The browser opens and closes it.

use super::action::Action;
use super::text::text;
use crate::model::view_model::Explanation;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    /// An id that is unique in the document.
    pub(super) id: AttrValue,
    pub(super) problem: Option<Explanation>,
    pub(super) next_try: Option<AttrValue>,
    /// The details for support.
    pub(super) support: Option<AttrValue>,
    /// The name of the copy button.
    pub(super) copy: AttrValue,
}

/// Selects the details for support, which the copy button copies.
pub(crate) const SUPPORT: &str = ".support";

#[component]
pub(super) fn Details(props: &Props) -> Html {
    let Props { id, problem, next_try, support, copy } = props;
    let problem = problem.as_ref();
    html! {
        <div part="details" class="details" popover="auto" id={id} hidden={problem.is_none()}>
            <strong class="title">{ text(problem.map(|problem| &*problem.title)) }</strong>
            <span class="advice">{ text(problem.map(|problem| &*problem.advice)) }</span>
            <span class="next-try" hidden={next_try.is_none()}>{ text(next_try.as_deref()) }</span>
            <pre class="support" dir="ltr" translate="no" hidden={support.is_none()}>{ text(support.as_deref()) }</pre>
            <button
                type="button"
                part="copy"
                class="button"
                hidden={support.is_none()}
                data-action={Action::Copy.as_str()}
            >
                { text(copy.as_str()) }
            </button>
        </div>
    }
}
