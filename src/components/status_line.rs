//! When the balance was fetched, and how long ago that was.

use super::text::text;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) as_of: Option<AttrValue>,
    pub(super) age: Option<AttrValue>,
    pub(super) loading: bool,
}

#[component]
pub(super) fn StatusLine(props: &Props) -> Html {
    let Props { as_of, age, loading } = props;
    html! {
        <div part="status" class="status" hidden={!loading && as_of.is_none()}>
            <span class="as-of" hidden={*loading}>{ text(as_of.as_deref()) }</span>
            <span class="age" hidden={age.is_none()}>{ text(age.as_deref()) }</span>
            <span class="as-of" hidden={!loading}><span class="placeholder" /></span>
        </div>
    }
}
