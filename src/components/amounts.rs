//! The balances: a single one is a number below the title, several are a list.

use super::text::text;
use crate::model::Level;
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
                    class={classes!(
                        "item",
                        line.level.map(Level::as_str),
                        line.negative.then_some("negative"),
                        is_long(line).then_some("long"),
                    )}
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
        <span part="name" class="name" translate="no" hidden={line.name.is_none()}>
            <bdi>{ text(line.name.as_deref()) }</bdi>
        </span>
    }
}

/// Screen readers get the amount in full words, because some read `-$5` as "dollar five".
///
/// A new amount has to be a new element, which `text` sees to: where numbers are aligned at their
/// end it starts at another place, and browsers would count the old one as having moved.
fn amount(line: &AmountLine) -> Html {
    html! {
        <span part="amount" class="amount" translate="no">
            <bdi aria-hidden="true">{ text(&*line.money) }</bdi>
            <span class="spoken">{ text(&*line.in_words) }</span>
        </span>
    }
}
