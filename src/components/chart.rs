//! A line and bars, drawn by SVG. Both are stretched to the box that the stylesheet gives them.

use crate::model::chart::{LineChart, SIZE};
use yew::prelude::*;

/// The line of a balance, the area below it and a dot for each credit.
pub(super) fn line(chart: &LineChart) -> Html {
    drawing(html! {
        <>
            <path class="area" d={chart.area.clone()} />
            <path class="line" d={chart.line.clone()} fill="none" vector-effect="non-scaling-stroke" />
            <path class="credits" d={chart.credits.clone()} fill="none" vector-effect="non-scaling-stroke" />
        </>
    })
}

/// A bar for each day.
pub(super) fn bars(path: &str) -> Html {
    drawing(html! { <path class="bars" d={path.to_owned()} /> })
}

fn drawing(paths: Html) -> Html {
    html! {
        <svg viewBox={format!("0 0 {SIZE} {SIZE}")} preserveAspectRatio="none" aria-hidden="true">{ paths }</svg>
    }
}
