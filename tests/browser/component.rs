//! The component as a yew app uses it.

use crate::page::{Network, balance, document, response, until};
use airalo_balance::{
    BalanceCard, BalanceCardProps, ErrorCode, Headers, Level, Loading, Messages, Text, Words,
};
use js_sys::{Function, Reflect};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;
use yew::{AppHandle, Callback, Renderer, props};

/// A component on the page. Dropping it removes it.
struct Mounted {
    app: Option<AppHandle<BalanceCard>>,
    root: Element,
}

impl Mounted {
    fn new(props: BalanceCardProps) -> Self {
        let root = document().create_element("div").unwrap();
        document().body().unwrap().append_child(&root).unwrap();
        let app = Renderer::<BalanceCard>::with_root_and_props(root.clone(), props).render();
        Self { app: Some(app), root }
    }

    fn update(&mut self, props: BalanceCardProps) {
        self.app.as_mut().unwrap().update(props);
    }

    /// The names in the attribute `state`.
    fn state(&self) -> Option<String> {
        self.root.first_element_child()?.get_attribute("state")
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.first_element_child()?.shadow_root()?.query_selector(selector).unwrap()
    }

    fn text(&self, selector: &str) -> String {
        self.find(selector).and_then(|element| element.text_content()).unwrap_or_default()
    }

    async fn shows(&self, money: &str) {
        until(&format!("the card shows {money}"), || self.text(".item .amount bdi") == money).await;
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Some(app) = self.app.take() {
            app.destroy();
        }
        self.root.remove();
    }
}

fn usd(amount: &str) -> web_sys::Response {
    response(200, &balance(amount, "USD"), &[])
}

/// A callback, and what it has received.
fn recorded<T: 'static, R: 'static>(read: fn(T) -> R) -> (Callback<T>, Rc<RefCell<Vec<R>>>) {
    let received: Rc<RefCell<Vec<R>>> = Rc::default();
    let log = received.clone();
    (Callback::from(move |value| log.borrow_mut().push(read(value))), received)
}

#[wasm_bindgen_test]
async fn an_app_hears_of_the_balance_and_of_each_change_in_types() {
    let network = Network::new();
    network.answer(&usd("225.35"));
    network.answer(&usd("20"));
    network.answer(&usd("30"));
    let (on_ready, ready) = recorded(|snapshot: airalo_balance::Snapshot| snapshot.state);
    let (on_change, changes) = recorded(|change: airalo_balance::ChangeDetail| {
        [change.previous, change.balances].map(|balances| balances[0].amount.to_string())
    });
    let (on_level, levels) = recorded(|change: airalo_balance::LevelDetail| (change.previous, change.level));
    let props = |refresh_count: u32, reset_count: u32| {
        props!(BalanceCardProps {
            proxy_url: "/typed",
            critical_threshold: "50",
            locale: "en",
            refresh_count,
            reset_count,
            on_ready: on_ready.clone(),
            on_change: on_change.clone(),
            on_level: on_level.clone(),
        })
    };
    let mut card = Mounted::new(props(0, 0));
    card.shows("$225.35").await;
    until("it says so", || *ready.borrow() == ["ready"]).await;
    until("the state is that of the balance", || card.state().as_deref() == Some("ready")).await;
    // Two requests are at least two seconds apart.
    gloo_timers::future::TimeoutFuture::new(2_050).await;
    card.update(props(1, 0));
    card.shows("$20.00").await;
    until("the state is that of the level", || card.state().as_deref() == Some("ready critical")).await;
    assert_eq!(*levels.borrow(), [(Level::Ok, Level::Critical)]);
    assert_eq!((ready.borrow().len(), network.count()), (1, 2));
    // Another user's balance is a first one.
    card.update(props(1, 1));
    card.shows("$30.00").await;
    until("it says so", || *ready.borrow() == ["ready", "ready"]).await;
    assert_eq!(*changes.borrow(), [["225.35", "20"].map(str::to_owned)]);
}

#[wasm_bindgen_test]
async fn another_count_asks_for_a_fresh_balance() {
    let network = Network::new();
    network.answer(&usd("5"));
    network.answer(&usd("6"));
    let props =
        |refresh_count: u32| props!(BalanceCardProps { proxy_url: "/count", locale: "en", refresh_count });
    let mut card = Mounted::new(props(0));
    card.shows("$5.00").await;
    // Two requests are at least two seconds apart.
    gloo_timers::future::TimeoutFuture::new(2_050).await;
    card.update(props(1));
    card.shows("$6.00").await;
}

#[wasm_bindgen_test]
async fn another_reset_count_right_after_the_first_render_forgets_what_the_page_knows() {
    let network = Network::new();
    network.answer(&usd("5"));
    network.answer(&usd("6"));
    let props =
        |reset_count: u32| props!(BalanceCardProps { proxy_url: "/next-user", locale: "en", reset_count });
    let card = Mounted::new(props(0));
    card.shows("$5.00").await;
    gloo_timers::future::TimeoutFuture::new(2_050).await;
    drop(card);
    let mut card = Mounted::new(props(0));
    card.update(props(1));
    card.shows("$6.00").await;
    assert_eq!(network.count(), 2);
}

#[wasm_bindgen_test]
async fn a_manual_card_begins_with_another_count() {
    for (proxy_url, is_reset) in [("/manual-refresh", false), ("/manual-reset", true)] {
        let network = Network::new();
        network.answer(&usd("7"));
        let props = |count: u32| {
            let (refresh_count, reset_count) = if is_reset { (0, count) } else { (count, 0) };
            let loading = Loading::Manual;
            props!(BalanceCardProps { proxy_url, locale: "en", loading, refresh_count, reset_count })
        };
        let mut card = Mounted::new(props(0));
        until("the card is there", || card.find(".item").is_some()).await;
        assert_eq!((card.state().as_deref(), network.count()), (Some("loading"), 0));
        card.update(props(1));
        card.shows("$7.00").await;
    }
}

#[wasm_bindgen_test]
async fn headers_are_made_before_every_request() {
    let network = Network::new();
    network.answer(&usd("5"));
    network.answer(&usd("6"));
    let made = Rc::new(Cell::new(0));
    let headers = {
        let made = made.clone();
        Headers::from_fn(move || {
            made.set(made.get() + 1);
            let token = format!("token {}", made.get());
            async move { Some(vec![("X-Token", token)]) }
        })
    };
    let props = |reset_count: u32| {
        props!(BalanceCardProps { proxy_url: "/tokens", locale: "en", headers: headers.clone(), reset_count })
    };
    let mut card = Mounted::new(props(0));
    card.shows("$5.00").await;
    assert_eq!(network.last().headers().get("X-Token").unwrap().as_deref(), Some("token 1"));
    card.update(props(1));
    card.shows("$6.00").await;
    assert_eq!(network.last().headers().get("X-Token").unwrap().as_deref(), Some("token 2"));
}

#[wasm_bindgen_test]
async fn without_headers_that_it_needs_no_request_is_made() {
    let network = Network::new();
    let (on_error, errors) = recorded(|error: airalo_balance::ErrorDetail| error.code);
    let headers = Headers::from_fn(|| async { None::<Vec<(&str, &str)>> });
    let _card = Mounted::new(props!(BalanceCardProps { proxy_url: "/none", headers, on_error }));
    until("the app hears of it", || *errors.borrow() == [ErrorCode::Unauthorized]).await;
    assert_eq!(network.count(), 0);
}

#[wasm_bindgen_test]
async fn headers_that_are_equal_are_those_of_one_request() {
    let network = Network::new();
    network.answer(&usd("5"));
    let headers = || Headers::from([("X-CSRF-Token", "abc")]);
    let card =
        || Mounted::new(props!(BalanceCardProps { proxy_url: "/csrf", locale: "en", headers: headers() }));
    let cards = [card(), card()];
    for card in &cards {
        card.shows("$5.00").await;
    }
    assert_eq!(network.count(), 1);
    assert_eq!(network.last().headers().get("X-CSRF-Token").unwrap().as_deref(), Some("abc"));
}

#[wasm_bindgen_test]
async fn the_data_of_the_app_is_shown_before_anything_is_asked() {
    let network = Network::new();
    let card = Mounted::new(props!(BalanceCardProps {
        proxy_url: "/data",
        locale: "en",
        initial_data: balance("7", "USD"),
    }));
    card.shows("$7.00").await;
    assert_eq!(network.count(), 0);
}

#[wasm_bindgen_test]
async fn a_card_speaks_the_words_of_the_app_and_before_them_its_messages() {
    let network = Network::new();
    network.answer(&usd("5"));
    let props = |words: Option<Words>| {
        let messages = Messages::from([(Text::Refresh, "Noch einmal")]);
        props!(BalanceCardProps { proxy_url: "/words", words, messages, locale: "de" })
    };
    let mut card = Mounted::new(props(Some(Words::DE)));
    card.shows("5,00\u{a0}$").await;
    let label = Words::DE.messages().get(Text::Label).into_owned();
    assert_eq!(card.text(".label"), label);
    let refresh = card.find(".refresh").unwrap();
    assert_eq!(refresh.get_attribute("aria-label").as_deref(), Some("Noch einmal"));
    card.update(props(None));
    until("the rest is English", || card.text(".label") == "Available credit").await;
}

/// Collects the warnings on the console until dropped.
struct Warnings {
    original: JsValue,
    console: JsValue,
    texts: Rc<RefCell<Vec<String>>>,
}

impl Warnings {
    fn new() -> Self {
        let console = Reflect::get(&js_sys::global(), &"console".into()).unwrap();
        let original = Reflect::get(&console, &"warn".into()).unwrap();
        let texts: Rc<RefCell<Vec<String>>> = Rc::default();
        let log = texts.clone();
        let warn = Closure::<dyn Fn(String)>::new(move |text| log.borrow_mut().push(text));
        Reflect::set(&console, &"warn".into(), &warn.into_js_value().unchecked_into::<Function>()).unwrap();
        Self { original, console, texts }
    }
}

impl Drop for Warnings {
    fn drop(&mut self) {
        Reflect::set(&self.console, &"warn".into(), &self.original).unwrap();
    }
}

#[wasm_bindgen_test]
async fn a_prop_without_effect_is_warned_about_once() {
    let network = Network::new();
    network.answer(&usd("5"));
    let warnings = Warnings::new();
    let props = |label: &'static str| {
        props!(BalanceCardProps { proxy_url: "/warned", low_threshold: "lots", locale: "en", label })
    };
    let mut card = Mounted::new(props("One"));
    card.shows("$5.00").await;
    card.update(props("Two"));
    until("the label is another one", || card.text(".label") == "Two").await;
    let texts = warnings.texts.borrow().clone();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(texts[0].starts_with("<BalanceCard>: low-threshold=\"lots\" "), "{texts:?}");
}
