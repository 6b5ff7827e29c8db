//! A line and bars, drawn by SVG. Both are stretched to the box that the stylesheet gives them.

use crate::model::chart::{LineChart, SIZE};
use std::rc::Rc;
use yew::prelude::*;

/// The line of a balance, the area below it and a dot for each credit.
pub(super) fn line(chart: Option<&LineChart>) -> Html {
    let path = |path: fn(&LineChart) -> &Rc<str>| chart.map(|chart| path(chart).clone());
    drawing(html! {
        <>
            <path class="area" d={path(|chart| &chart.area)} />
            <path class="line" d={path(|chart| &chart.line)} fill="none" vector-effect="non-scaling-stroke" />
            <path class="credits" d={path(|chart| &chart.credits)} fill="none" vector-effect="non-scaling-stroke" />
        </>
    })
}

/// A bar for each day.
pub(super) fn bars(path: &Rc<str>) -> Html {
    drawing(html! { <path class="bars" d={path.clone()} /> })
}

fn drawing(paths: Html) -> Html {
    html! {
        <svg viewBox={format!("0 0 {SIZE} {SIZE}")} preserveAspectRatio="none" aria-hidden="true">{ paths }</svg>
    }
}
