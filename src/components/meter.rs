//! How much of the credit limit is left, as a bar.

use super::text::text;
use crate::model::view_model;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct Props {
    pub(super) label: AttrValue,
    pub(super) meter: Option<view_model::Meter>,
    /// Whether it takes its place also where it shows nothing, so that nothing moves when it does.
    pub(super) keeps_place: bool,
}

/// The width of the bar is an attribute of SVG, because a strict policy blocks `style` attributes.
#[component]
pub(super) fn Meter(props: &Props) -> Html {
    let Props { label, meter, keeps_place } = props;
    // A hidden meter has a width too: an empty attribute is an error on the console.
    let percent = meter.as_ref().map_or(0, |meter| meter.percent);
    html! {
        <div
            class={classes!("limit", meter.is_none().then_some("vacant"))}
            hidden={meter.is_none() && !keeps_place}
        >
            <div
                part="meter"
                class="meter"
                role="meter"
                aria-label={label}
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow={percent.to_string()}
                aria-valuetext={meter.as_ref().map(|meter| meter.value_text.clone())}
            >
                <svg width="100%" height="6" aria-hidden="true">
                    <rect class="track" width="100%" height="6" rx="3" />
                    <rect class="fill" width={format!("{percent}%")} height="6" rx="3" />
                </svg>
            </div>
            <span class="of" translate="no">{ text(meter.as_ref().map(|meter| &*meter.limit)) }</span>
        </div>
    }
}
