//! A panel made with yew that shows three cards: two that change at run time, and one in a shadow root.

mod shadow;

use airalo_balance::{BalanceCard, Level, LevelDetail, TopUp, Variant, Words};
use shadow::Shadow;
use yew::prelude::*;

// docs:panel
#[component]
fn Panel() -> Html {
    let level = use_state_eq(|| Level::Ok);
    let on_level = {
        let level = level.clone();
        Callback::from(move |change: LevelDetail| level.set(change.level))
    };
    html! {
        <header>
            <h1>{ "Orders" }</h1>
            <BalanceCard proxy_url="/api/balance" low_threshold="200" variant={Variant::Inline} {on_level} />
            if *level != Level::Ok {
                <p>{ "Top up before you order." }</p>
            }
        </header>
    }
}
// docs:end

/// A card whose props change, and which comes and goes.
#[component]
fn Settings() -> Html {
    let is_shown = use_state_eq(|| true);
    let threshold = use_state_eq(|| 100_u32);
    let pressed = use_state_eq(|| 0_u32);
    let log = use_state_eq(String::new);

    let toggle = {
        let is_shown = is_shown.clone();
        move |_| is_shown.set(!*is_shown)
    };
    let warn_earlier = {
        let threshold = threshold.clone();
        move |_| threshold.set(*threshold + 200)
    };
    let count = {
        let pressed = pressed.clone();
        move |_| pressed.set(*pressed + 1)
    };
    let on_top_up = {
        let log = log.clone();
        Callback::from(move |top_up: TopUp| {
            top_up.prevent_default();
            let amounts = top_up.balances.iter().map(|balance| balance.amount.to_string());
            log.set(format!("to top up: {}", amounts.collect::<Vec<_>>().join(", ")));
        })
    };
    html! {
        <section onclick={count}>
            <button onclick={toggle}>{ if *is_shown { "Hide" } else { "Show" } }</button>
            <button onclick={warn_earlier}>{ "Warn earlier" }</button>
            if *is_shown {
                // docs:settings
                <BalanceCard
                    id="settings"
                    proxy_url="/api/balance"
                    low_threshold={threshold.to_string()}
                    words={Words::DE}
                    {on_top_up}
                >
                    <b slot="label">{ "Airalo" }</b>
                </BalanceCard>
                // docs:end
            }
            <output>{ &*log }</output>
            <p>{ format!("{} clicks in this section", *pressed) }</p>
        </section>
    }
}

#[component]
fn App() -> Html {
    html! {
        <>
            <Panel />
            <Settings />
            <Shadow>
                <BalanceCard id="shadow" proxy_url="/api/balance" no_top_up=true />
            </Shadow>
        </>
    }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
