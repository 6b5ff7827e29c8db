//! The balances: a single one is a number below the title, several are a list.

use crate::model::view_model::AmountLine;
use yew::prelude::*;

/// An amount with more characters than this is drawn smaller, to fit into an ordinary card.
const LONG: usize = 13;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) amounts: Vec<AmountLine>,
    pub(super) loading: bool,
}

#[component]
pub(super) fn Amounts(props: &Props) -> Html {
    let Props { amounts, loading } = props;
    let several = amounts.len() > 1;
    html! {
        <div part="list" class="list" role={several.then_some("list")}>
            <div key="loading" class="item" hidden={!loading}>
                <span class="amount"><span class="placeholder" /></span>
            </div>
            for (index, line) in amounts.iter().enumerate() {
                <div
                    key={index}
                    part="item"
                    class={classes!("item", line.negative.then_some("negative"), is_long(line).then_some("long"))}
                    role={several.then_some("listitem")}
                >
                    { name(line) }
                    { amount(line) }
                </div>
            }
        </div>
    }
}

fn is_long(line: &AmountLine) -> bool {
    line.money.chars().count() > LONG
}

fn name(line: &AmountLine) -> Html {
    html! {
        <span part="name" class="name" hidden={line.name.is_none()}><bdi>{ line.name.clone() }</bdi></span>
    }
}

/// Screen readers get the amount in full words, because some read `-$5` as "dollar five".
///
/// The amount is keyed by its text. Where numbers are aligned at their end, a new number starts
/// at another place, and browsers would count the old element as having moved.
fn amount(line: &AmountLine) -> Html {
    html! {
        <span part="amount" class="amount">
            <bdi key={line.money.as_str()} aria-hidden="true">{ &line.money }</bdi>
            <span key="in-words" class="spoken">{ &line.in_words }</span>
        </span>
    }
}
