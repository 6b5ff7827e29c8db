//! The card as an idiomatic Leptos component, rendered in the browser.

use gloo_net::http::Request;
use js_sys::{Array, Date, Intl, Object, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::wasm_bindgen::JsCast as _;
use serde::Deserialize;
use wasm_bindgen::JsValue;
use web_sys::{AbortController, HtmlElement, RequestCache};

const STYLES: &str = include_str!("../../card.css");

#[derive(Deserialize)]
struct Answer {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    balances: Balance,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Balance {
    available_balance: Money,
}

#[derive(Deserialize, Clone, PartialEq)]
struct Money {
    amount: f64,
    currency: String,
}

#[derive(Clone, PartialEq)]
struct Shown {
    amount: String,
    time: String,
}

fn main() {
    let cards = document().query_selector_all(".balance").unwrap();
    for index in 0..cards.length() {
        let Some(place) = cards.item(index).and_then(|node| node.dyn_into::<HtmlElement>().ok()) else {
            continue;
        };
        let url = place.dataset().get("url").unwrap_or_default();
        // The cards stay for the lifetime of the page.
        mount_to(place, move || view! { <Card url=url.clone() /> }).forget();
    }
}

#[component]
fn Card(url: String) -> impl IntoView {
    let shown = RwSignal::new(None::<Shown>);
    let failed = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let request = StoredValue::new_local(AbortController::new().unwrap());

    let load = move || {
        request.with_value(AbortController::abort);
        let controller = AbortController::new().unwrap();
        let signal = controller.signal();
        request.set_value(controller);
        busy.set(true);
        let url = url.clone();
        spawn_local(async move {
            let answer = fetch(&url, &signal).await;
            // A newer request has aborted this one.
            if signal.aborted() {
                return;
            }
            busy.set(false);
            failed.set(answer.is_err());
            if let Ok(money) = answer {
                let next = Some(Shown { amount: formatted(&money), time: time() });
                if shown.get_untracked() != next {
                    shown.set(next);
                }
            }
        });
    };
    on_cleanup(move || request.with_value(AbortController::abort));
    load();
    let (refresh, retry) = (load.clone(), load);

    view! {
        <style>{STYLES}</style>
        <section class="card" aria-busy=move || busy.get().to_string()>
            <div class="header">
                <span class="label">"Available credit"</span>
                <button class="refresh" aria-label="Refresh" disabled=move || busy.get() on:click=move |_| refresh()>
                    "↻"
                </button>
            </div>
            {move || match shown.get() {
                Some(shown) => {
                    view! {
                        <div class="amount">{shown.amount}</div>
                        <div class="status">{format!("As of {}", shown.time)}</div>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <div class="amount"><span class="bone"></span></div>
                        <div class="status"><span class="bone"></span></div>
                    }
                        .into_any()
                }
            }}
            <Show when=move || failed.get()>
                <p class="error" role="alert">
                    "The balance could not be loaded. "
                    <button class="retry" on:click={
                        let retry = retry.clone();
                        move |_| retry()
                    }>"Try again"</button>
                </p>
            </Show>
        </section>
    }
}

async fn fetch(url: &str, signal: &web_sys::AbortSignal) -> Result<Money, gloo_net::Error> {
    let request = Request::get(url).cache(RequestCache::NoStore).abort_signal(Some(signal));
    let answer: Answer = request.send().await?.json().await?;
    Ok(answer.data.balances.available_balance)
}

fn formatted(money: &Money) -> String {
    let options = Object::new();
    let _ = Reflect::set(&options, &"style".into(), &"currency".into());
    let _ = Reflect::set(&options, &"currency".into(), &money.currency.as_str().into());
    let format = Intl::NumberFormat::new(&Array::new(), &options).format();
    let text = format.call1(&JsValue::UNDEFINED, &money.amount.into());
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn time() -> String {
    let options = Object::new();
    let _ = Reflect::set(&options, &"timeStyle".into(), &"short".into());
    let format = Intl::DateTimeFormat::new(&Array::new(), &options).format();
    let text = format.call1(&JsValue::UNDEFINED, &Date::new_0());
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}
