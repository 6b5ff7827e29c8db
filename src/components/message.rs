//! What stands in place of the balances when there are none.

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
            <strong class="title">{ message.map(|message| message.title.clone()) }</strong>
            <span class="advice">{ message.map(|message| message.advice.clone()) }</span>
        </div>
    }
}
