//! The balance of the last days as a line, in the space beside the amount. It opens the details.

use super::action::Action;
use super::chart;
use crate::model::history_view::Trend;
use yew::prelude::*;

/// The line as a button that opens this popover. The box around it is as wide as there is room beside
/// the amount, and the stylesheet shows as much of a line as fits.
pub(super) fn trend(trend: Option<&Trend>, popover: &AttrValue) -> Html {
    let text = trend.map(|trend| AttrValue::from(trend.text.clone()));
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
                { chart::line(trend.map(|trend| &trend.chart)) }
            </button>
        </div>
    }
}
