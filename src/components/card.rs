//! The whole card, put together from its parts.

use super::actions::Actions;
use super::amounts::Amounts;
use super::details::Details;
use super::header::Header;
use super::history::history;
use super::live_region::LiveRegion;
use super::message::Message;
use super::meter::Meter;
use super::notice::Notice;
use super::status_line::StatusLine;
use super::trend::trend;
use crate::model::{StateName, ViewModel};
use std::rc::Rc;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    /// What the card says.
    pub(crate) view: Rc<ViewModel>,
    /// The language of the texts.
    pub(crate) language: AttrValue,
    /// Whether there is a URL to request.
    pub(crate) can_request: bool,
    /// Whether there is a refresh button.
    pub(crate) refresh_button: bool,
    /// Where the top-up link leads. Without a URL there is no link.
    pub(crate) top_up_url: Option<AttrValue>,
    /// An id that is unique in the document.
    pub(crate) id: AttrValue,
    /// The text of the live region, or nothing where the page has a region for the card.
    pub(crate) announcement: Option<AttrValue>,
    /// Refers to the outermost element of the card.
    pub(crate) root: NodeRef,
}

#[component]
pub(crate) fn Card(props: &Props) -> Html {
    let Props { view, can_request, refresh_button, top_up_url, id, announcement, .. } = props;
    let loading = view.state == StateName::Loading;
    let history_id = AttrValue::from(format!("{id}-history"));
    html! {
        <section
            ref={props.root.clone()}
            part="base"
            class={card_classes(view)}
            lang={&props.language}
            dir={direction(&props.language)}
            aria-label={view.summary.clone().map_or_else(|| view.label.clone(), Into::into)}
            title={view.summary.clone()}
            aria-busy={loading.to_string()}
        >
            <Header
                label={view.label.clone()}
                refresh={view.actions.refresh.clone()}
                can_refresh={*refresh_button && *can_request}
            />
            <div class="body">
                <div class="figures">
                    <Amounts amounts={view.amounts.clone()} {loading} />
                    { trend(view.history.trend.as_deref(), &history_id) }
                </div>
                <Message message={view.message.clone()} />
                <StatusLine as_of={view.as_of.clone()} age={view.age.clone()} {loading} />
            </div>
            <Meter
                label={view.label.clone()}
                meter={view.meter.clone()}
                keeps_place={view.keeps_meter_place}
            />
            <div class="foot">
                <Notice
                    alert={view.alert.clone()}
                    outdated={view.outdated.clone()}
                    next_try={view.next_try.clone()}
                    forecast={view.history.forecast.clone()}
                    has_details={view.details.is_some()}
                    details={view.actions.details.clone()}
                    popover={id}
                />
                <Actions
                    top_up={view.actions.top_up.clone()}
                    top_up_url={top_up_url}
                    retry={view.actions.retry.clone()}
                    can_retry={view.state == StateName::Error && *can_request}
                />
            </div>
            <slot name="footer" />
            <Details
                id={id}
                problem={view.details.clone()}
                next_try={view.next_try.clone()}
                support={view.support.clone()}
                copy={view.actions.copy.clone()}
            />
            { history(view.history.details.as_deref(), &history_id) }
            <LiveRegion announcement={announcement} />
        </section>
    }
}

fn card_classes(view: &ViewModel) -> Classes {
    classes!(
        "card",
        view.state.as_str(),
        view.level.as_str(),
        view.outdated.is_some().then_some("stale"),
        (view.amounts.len() > 1).then_some("several"),
    )
}

/// The card has the direction of its texts, whatever the direction of the page around it.
pub(super) fn direction(language: &str) -> &'static str {
    const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];
    let subtag = language.split('-').next().unwrap_or_default();
    if RIGHT_TO_LEFT.contains(&subtag) { "rtl" } else { "ltr" }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
