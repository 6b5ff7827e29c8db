//! The card in a page: what it shows, what it reports, and that it cleans up.

use crate::page::{Network, Page, answered, balance, response, until};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

const ENGLISH: (&str, &str) = ("locale", "en");

fn usd(amount: &str) -> web_sys::Response {
    response(200, &balance(amount, "USD"), &[])
}

fn press(page: &Page, selector: &str) {
    page.find(selector).unwrap().unchecked_into::<HtmlElement>().click();
}

#[wasm_bindgen_test]
async fn a_refresh_brings_the_new_balance_and_tells_of_the_change() {
    let network = Network::new();
    network.answer(&usd("225.35"));
    network.answer(&usd("220.85"));
    let page = Page::open(&[("proxy-url", "/refresh"), ENGLISH], None);
    page.shows("$225.35").await;
    assert_eq!(page.notifications("ready").len(), 1);

    // Two requests are at least two seconds apart.
    gloo_timers::future::TimeoutFuture::new(2_050).await;
    press(&page, ".refresh");
    page.shows("$220.85").await;
    assert_eq!(network.count(), 2);
    assert_eq!(
        page.notifications("change"),
        [
            r#"{"balances":[{"name":"balance","amount":"220.85","currency":"USD"}],"previous":[{"name":"balance","amount":"225.35","currency":"USD"}]}"#
        ]
    );
    assert_eq!(page.notifications("ready").len(), 1);
}

#[wasm_bindgen_test]
async fn a_failed_refresh_keeps_the_balance_and_says_why_it_is_old() {
    let network = Network::new();
    network.answer(&usd("225.35"));
    network.answer(&response(503, r#"{"code":"upstream"}"#, &[("Retry-After", "30")]));
    let mut page = Page::open(&[("proxy-url", "/stale"), ENGLISH], None);
    page.shows("$225.35").await;
    gloo_timers::future::TimeoutFuture::new(2_050).await;
    page.card().refresh();
    until("the card says why", || page.text(".outdated") == "Airalo can’t be reached").await;
    assert_eq!(page.money(), "$225.35");
    assert_eq!(
        page.notifications("error"),
        [r#"{"code":"upstream","problem":"upstream","retryable":true,"status":503,"retryAfter":30}"#]
    );
    let last = page.notifications("snapshot").pop().unwrap();
    assert!(last.starts_with(r#"{"state":"ready""#) && last.contains(r#""stale":true"#), "{last}");
}

#[wasm_bindgen_test]
async fn the_card_takes_over_the_request_that_was_started_for_it() {
    let network = Network::new();
    let page = Page::open(&[("proxy-url", "/started"), ENGLISH], Some(answered(&usd("7"))));
    page.shows("$7.00").await;
    assert_eq!(network.count(), 0);
}

#[wasm_bindgen_test]
async fn cards_that_ask_the_same_share_one_request() {
    let network = Network::new();
    network.answer(&usd("5"));
    let pages: Vec<_> = (0..20).map(|_| Page::open(&[("proxy-url", "/shared"), ENGLISH], None)).collect();
    for page in &pages {
        page.shows("$5.00").await;
    }
    assert_eq!(network.count(), 1);
    let late = Page::open(&[("proxy-url", "/shared"), ENGLISH], None);
    late.shows("$5.00").await;
    assert_eq!(network.count(), 1, "a card that comes later is painted from what is known");
}

#[wasm_bindgen_test]
async fn another_url_drops_the_balance_at_once() {
    let network = Network::new();
    network.answer(&usd("5"));
    let mut page = Page::open(&[("proxy-url", "/first"), ENGLISH], None);
    page.shows("$5.00").await;
    page.set("proxy-url", "/second");
    until("the old balance is gone", || page.money().is_empty() && page.find(".loading").is_some()).await;
    assert!(network.last().url().ends_with("/second"));
}

#[wasm_bindgen_test]
async fn a_request_that_was_started_for_one_url_never_answers_for_another() {
    let network = Network::new();
    let mut page = Page::open(&[("proxy-url", "/one"), ENGLISH], Some(answered(&usd("5"))));
    page.shows("$5.00").await;
    page.set("proxy-url", "/other");
    until("the other URL is asked", || network.count() == 1).await;
    assert!(network.last().url().ends_with("/other"));
    until("the old balance is gone", || page.money().is_empty()).await;
}

#[wasm_bindgen_test]
async fn a_url_that_comes_before_anybody_looked_is_asked_itself() {
    let network = Network::new();
    network.answer(&usd("8"));
    let mut page = Page::open(&[("proxy-url", "/before"), ENGLISH], Some(answered(&usd("7"))));
    page.set("proxy-url", "/at-once");
    page.shows("$8.00").await;
    assert!(network.last().url().ends_with("/at-once"));
}

#[wasm_bindgen_test]
async fn another_look_asks_nothing() {
    let network = Network::new();
    network.answer(&usd("1234.5"));
    let mut page = Page::open(&[("proxy-url", "/look"), ENGLISH], None);
    page.shows("$1,234.50").await;
    page.set("locale", "de");
    until("the card is German", || page.money().starts_with("1.234,50")).await;
    page.set("label", "Guthaben");
    until("the label is new", || page.text(".label") == "Guthaben").await;
    assert_eq!(network.count(), 1);
}

#[wasm_bindgen_test]
async fn taking_the_card_off_aborts_its_request() {
    let network = Network::new();
    let page = Page::open(&[("proxy-url", "/gone")], None);
    until("the request is on its way", || network.count() == 1).await;
    assert!(!network.last_is_aborted());
    drop(page);
    until("it is aborted", || network.last_is_aborted()).await;
}

#[wasm_bindgen_test]
async fn one_of_two_cards_may_go_without_harm_to_the_other() {
    let network = Network::new();
    let first = Page::open(&[("proxy-url", "/two")], None);
    let second = Page::open(&[("proxy-url", "/two")], None);
    until("the request is on its way", || network.count() == 1).await;
    drop(first);
    gloo_timers::future::TimeoutFuture::new(30).await;
    assert!(!network.last_is_aborted());
    drop(second);
    until("the last one out stops it", || network.last_is_aborted()).await;
}

#[wasm_bindgen_test]
async fn a_card_without_a_url_says_so_and_asks_nothing() {
    let network = Network::new();
    let page = Page::open(&[], None);
    until("the card complains", || page.text(".title") == "This card is not set up").await;
    assert_eq!(
        page.notifications("error"),
        [r#"{"code":"config","problem":null,"retryable":false,"status":null,"retryAfter":null}"#]
    );
    assert_eq!(network.count(), 0);
}

#[wasm_bindgen_test]
async fn a_page_may_take_over_the_top_up() {
    let attributes = [("proxy-url", "/top-up"), ("top-up-url", "#top-up"), ENGLISH];
    let page = Page::open(&attributes, Some(answered(&usd("5"))));
    page.shows("$5.00").await;
    page.prevent_defaults();
    press(&page, "a[part=top-up]");
    assert_eq!(
        page.notifications("top-up"),
        [r##"{"url":"#top-up","balances":[{"name":"balance","amount":"5","currency":"USD"}]}"##]
    );
}

#[wasm_bindgen_test]
async fn nothing_in_the_card_moves_when_the_same_balance_comes_again() {
    let network = Network::new();
    network.answer(&response(200, include_str!("../../contract/balance-list.json"), &[]));
    network.answer(&response(200, include_str!("../../contract/balance-list.json"), &[]));
    let mut page = Page::open(&[("proxy-url", "/same"), ("no-refresh", ""), ENGLISH], None);
    page.shows("$225.35").await;
    let list = page.root().query_selector(".list").unwrap().unwrap();
    let before = list.query_selector(".item").unwrap().unwrap();
    gloo_timers::future::TimeoutFuture::new(2_050).await;
    page.card().refresh();
    until("it came", || page.notifications("settled").len() >= 2 && network.count() == 2).await;
    assert!(list.query_selector(".item").unwrap().unwrap().is_same_node(Some(&before)));
    assert_eq!(page.notifications("change"), [""; 0]);
}
