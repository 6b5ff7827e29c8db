//! What stands in place of the balances when there are none.

use super::text::text;
use crate::model::view_model::Explanation;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) message: Option<Explanation>,
}

#[component]
pub(super) fn Message(props: &Props) -> Html {
    let message = props.message.as_ref();
    html! {
        <div part="message" class="message" hidden={message.is_none()}>
            <strong class="title">{ text(message.map(|message| &*message.title)) }</strong>
            <span class="advice">{ text(message.map(|message| &*message.advice)) }</span>
        </div>
    }
}
