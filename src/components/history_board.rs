//! The history on a page of its own. Its style is that of the page (`www/element/airalo-balance-history.css`).

use super::card::direction;
use super::chart;
use super::history::table;
use super::text::text;
use crate::model::history_page::HistoryPageView;
use std::rc::Rc;
use yew::prelude::*;

/// The history in this language. While an answer is on its way it is busy.
pub(crate) fn history_board(view: &HistoryPageView, language: &str, busy: bool) -> Html {
    html! {
        <div class="history" lang={language.to_owned()} dir={direction(language)} aria-busy={busy.to_string()}>
            if let Some(message) = &view.message {
                <div key="message" class="message">
                    <strong>{ text(&*message.title) }</strong>
                    <p>{ text(&*message.advice) }</p>
                </div>
            }
            if let Some(details) = &view.details {
                <div key="figures" class="figures">
                    <ul class="facts">
                        for fact in &details.facts {
                            <li key={fact.as_str()}>{ text(fact.as_str()) }</li>
                        }
                    </ul>
                    { line(view) }
                    { bars(view, &details.days.caption, &details.bars) }
                    <div class="tables">
                        { table(&details.days) }
                        { table(&details.credits) }
                    </div>
                </div>
            }
        </div>
    }
}

fn line(view: &HistoryPageView) -> Html {
    let Some(trend) = &view.trend else { return Html::default() };
    html! {
        <div class="chart" role="img" aria-label={trend.text.clone()}>
            <strong>{ text(trend.text.as_str()) }</strong>
            <span class="highest">{ text(view.highest.as_str()) }</span>
            <div class="plot">{ chart::line(Some(&trend.chart)) }</div>
            { period(&view.period) }
        </div>
    }
}

/// The table below says in words what the bars show.
fn bars(view: &HistoryPageView, caption: &str, path: &Rc<str>) -> Html {
    if path.is_empty() {
        return Html::default();
    }
    html! {
        <div class="chart use" aria-hidden="true">
            <strong>{ text(caption) }</strong>
            <span class="highest">{ text(view.most_spent.as_str()) }</span>
            <div class="plot">{ chart::bars(path) }</div>
            { period(&view.days) }
        </div>
    }
}

fn period([from, to]: &[String; 2]) -> Html {
    html! {
        <div class="period">
            <span>{ text(from.as_str()) }</span>
            <span>{ text(to.as_str()) }</span>
        </div>
    }
}
