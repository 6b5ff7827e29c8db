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
/// A new amount is a new element, by its key: where numbers are aligned at their end it starts at
/// another place, and browsers would count the old one as having moved.
fn amount(line: &AmountLine) -> Html {
    html! {
        <span part="amount" class="amount" translate="no">
            <bdi aria-hidden="true">
                <span key={&*line.money}>
                    for (index, group) in groups(&line.money).into_iter().enumerate() {
                        if index > 0 {
                            <wbr />
                        }
                        { group }
                    }
                </span>
            </bdi>
            <span class="spoken">{ text(&*line.in_words) }</span>
        </span>
    }
}

/// The parts between which an amount that is too wide gets a new line: it never breaks after its last
/// separator, which may be that of the decimals. `setAmount` of the class does the same.
fn groups(money: &str) -> Vec<&str> {
    let characters: Vec<_> = money.char_indices().collect();
    let start_of_group = |window: &[(usize, char)]| match window {
        [(_, before), (_, separator), (start, digit)] => {
            let is_between = before.is_numeric() && !separator.is_numeric() && digit.is_numeric();
            is_between.then_some(*start)
        }
        _ => None,
    };
    let mut starts: Vec<_> = characters.windows(3).filter_map(start_of_group).collect();
    starts.pop();
    let mut from = 0;
    let ends = starts.into_iter().chain([money.len()]);
    ends.filter_map(|to| money.get(std::mem::replace(&mut from, to)..to)).collect()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::groups;

    #[test]
    fn an_amount_may_break_after_a_group_of_digits_but_not_before_its_decimals() {
        assert_eq!(groups("$12,345,678.90"), ["$12,", "345,", "678.90"]);
        assert_eq!(groups("1\u{202f}234,50\u{a0}€"), ["1\u{202f}", "234,50\u{a0}€"]);
        assert_eq!(groups("٬١٢٬٣٤٥٫٦٧"), ["٬١٢٬", "٣٤٥٫٦٧"]);
        for whole in ["", "¥0", "BHD 225.350", "$225.35", "¥120,500"] {
            assert_eq!(groups(whole), [whole]);
        }
    }
}
