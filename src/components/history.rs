//! A popover with the history: use day by day, and the credits. The browser opens and closes it.

use super::chart;
use super::text::text;
use crate::model::history_view::{HistoryDetails, Table};
use yew::prelude::*;

/// The popover with this id, which is unique in the document. It is empty until it is opened.
pub(super) fn history(details: Option<&HistoryDetails>, id: &AttrValue) -> Html {
    html! {
        <div part="history" class="history" popover="auto" id={id}>
            if let Some(details) = details {
                { contents(details) }
            }
        </div>
    }
}

fn contents(details: &HistoryDetails) -> Html {
    html! {
        <>
            <strong class="title">{ text(details.title.as_str()) }</strong>
            <ul class="facts">
                for fact in &details.facts {
                    <li key={fact.as_str()}>{ text(fact.as_str()) }</li>
                }
            </ul>
            <strong class="plot-title" aria-hidden="true" hidden={details.bars.is_empty()}>
                { text(&*details.days.caption) }
            </strong>
            <div class="plot" hidden={details.bars.is_empty()}>{ chart::bars(&details.bars) }</div>
            { table(&details.days) }
            { table(&details.credits) }
        </>
    }
}

/// Scrolls, so it can have the focus. Without rows it is left out.
pub(super) fn table(Table { caption, head, rows }: &Table) -> Html {
    html! {
        <div class="rows" tabindex="0" role="group" aria-label={caption.clone()} hidden={rows.is_empty()}>
            <table>
                <caption>{ text(&**caption) }</caption>
                <thead>
                    <tr>
                        for (index, head) in head.iter().enumerate() {
                            <th key={index} scope="col">{ text(&**head) }</th>
                        }
                    </tr>
                </thead>
                <tbody>
                    for (index, [date, amount]) in rows.iter().enumerate() {
                        <tr key={index}>
                            <th scope="row">{ text(date.as_str()) }</th>
                            <td translate="no">{ text(amount.as_str()) }</td>
                        </tr>
                    }
                </tbody>
            </table>
        </div>
    }
}
