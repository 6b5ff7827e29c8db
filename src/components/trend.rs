//! The balance of the last days as a line, in the space beside the amount. It opens the details.

use super::action::Action;
use super::chart;
use crate::model::history_view;
use std::rc::Rc;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) trend: Option<Rc<history_view::Trend>>,
    /// The id of the popover with the details.
    pub(super) popover: AttrValue,
}

/// The box around the button is as wide as there is room beside the amount. The stylesheet shows as
/// much of a line as fits.
#[component]
pub(super) fn Trend(props: &Props) -> Html {
    let Props { trend, popover } = props;
    let text = trend.as_ref().map(|trend| trend.text.clone());
    html! {
        <div class="beside" hidden={trend.is_none()}>
            <button
                type="button"
                part="trend"
                class="trend"
                popovertarget={popover}
                aria-label={text.clone()}
                title={text}
                data-action={Action::History.as_str()}
            >
                { chart::line(&trend.as_ref().map(|trend| trend.chart.clone()).unwrap_or_default()) }
            </button>
        </div>
    }
}
