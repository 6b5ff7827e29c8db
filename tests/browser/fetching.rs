//! Faulty responses, and the errors that follow from them.

use crate::page::{Network, Page, balance, response, started, until};
use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Response;

/// The error code that follows from such a response.
async fn code_after(prepare: impl FnOnce(&Network), url: &str) -> String {
    let network = Network::new();
    prepare(&network);
    let page = Page::open(&[("proxy-url", url), ("request-timeout", "1")], None);
    until("there is an error", || !page.notifications("error").is_empty()).await;
    assert_eq!(page.money(), "", "there is no money on a card that has failed");
    let detail = js_sys::JSON::parse(&page.notifications("error")[0]).unwrap();
    Reflect::get(&detail, &"code".into()).unwrap().as_string().unwrap()
}

#[wasm_bindgen_test]
async fn every_status_has_its_code() {
    let expected = [
        (401, "unauthorized"),
        (403, "forbidden"),
        (404, "config"),
        (429, "rate-limited"),
        (500, "upstream"),
        (503, "upstream"),
        (504, "timeout"),
    ];
    for (status, code) in expected {
        let answer = response(status, "<html>", &[]);
        assert_eq!(code_after(|network| network.answer(&answer), &format!("/{status}")).await, code);
    }
}

#[wasm_bindgen_test]
async fn what_is_no_balance_is_an_invalid_response() {
    for (at, body) in ["<!doctype html>", "", "{", "{}", "null", r#"{"balance":5}"#].iter().enumerate() {
        let answer = response(200, body, &[]);
        let code = code_after(|network| network.answer(&answer), &format!("/invalid/{at}")).await;
        assert_eq!(code, "invalid-response", "{body}");
    }
}

#[wasm_bindgen_test]
async fn a_body_that_is_too_long_is_refused() {
    let answer = response(200, &[" ".repeat(70 * 1024), balance("5", "USD")].concat(), &[]);
    assert_eq!(code_after(|network| network.answer(&answer), "/long").await, "invalid-response");
}

#[wasm_bindgen_test]
async fn a_length_that_is_not_that_of_the_body_does_no_harm() {
    let long = [" ".repeat(70 * 1024), balance("5", "USD")].concat();
    let answer = response(200, &long, &[("Content-Length", "60")]);
    assert_eq!(code_after(|network| network.answer(&answer), "/longer").await, "invalid-response");
}

#[wasm_bindgen_test]
async fn a_body_that_breaks_off_with_anything_does_no_harm() {
    let broken = Function::new_no_args(
        "const body = new ReadableStream({ pull: (controller) => controller.error('no Error') });
         return new Response(body, { headers: { 'Content-Length': '9' } });",
    );
    let answer: Response = broken.call0(&JsValue::UNDEFINED).unwrap().unchecked_into();
    assert_eq!(code_after(|network| network.answer(&answer), "/broken").await, "network");
}

#[wasm_bindgen_test]
async fn a_body_without_an_end_is_cut_off_at_the_limit() {
    // Each pull returns one more kilobyte.
    let pull = Function::new_with_args("controller", "controller.enqueue(new Uint8Array(1024).fill(32))");
    let pull: &JsValue = pull.as_ref();
    let endless = Function::new_with_args("pull", "return new ReadableStream({ pull })");
    let stream = endless.call1(&JsValue::UNDEFINED, pull);
    let answer = Response::new_with_opt_readable_stream(Some(&stream.unwrap().unchecked_into())).unwrap();
    assert_eq!(code_after(|network| network.answer(&answer), "/endless").await, "invalid-response");
}

#[wasm_bindgen_test]
async fn a_server_that_does_not_answer_in_time_is_a_timeout() {
    let network = Network::new();
    let page = Page::open(&[("proxy-url", "/silent"), ("request-timeout", "1")], None);
    until("it is given up", || {
        page.notifications("error").iter().any(|detail| detail.contains(r#""timeout""#))
    })
    .await;
    assert!(network.last_is_aborted());
}

#[wasm_bindgen_test]
async fn an_answer_that_was_there_before_the_card_has_all_the_time_to_be_read() {
    let late = Function::new_with_args(
        "text",
        "const send = (body) => { body.enqueue(new TextEncoder().encode(text)); body.close(); };
         return new Response(new ReadableStream({ start: (body) => void setTimeout(send, 100, body) }));",
    );
    let answer = late.call1(&JsValue::UNDEFINED, &balance("5", "USD").into()).unwrap();
    let (request, _) = started(&Promise::resolve(&answer));
    for (name, value) in [("answered", JsValue::TRUE), ("startedAt", (-60_000).into())] {
        Reflect::set(&request, &name.into(), &value).unwrap();
    }
    let network = Network::new();
    let page = Page::open(&[("proxy-url", "/answered"), ("locale", "en")], Some(request));
    page.shows("$5.00").await;
    assert_eq!((page.notifications("error").len(), network.count()), (0, 0));
}

#[wasm_bindgen_test]
async fn a_wrapped_fetch_that_rejects_with_anything_does_no_harm() {
    for (at, reason) in
        [JsValue::UNDEFINED, "no".into(), 7.into(), js_sys::Error::new("x").into()].iter().enumerate()
    {
        assert_eq!(code_after(|network| network.fail(reason), &format!("/reject/{at}")).await, "network");
    }
}

#[wasm_bindgen_test]
async fn a_wrapped_fetch_that_resolves_with_anything_does_no_harm() {
    let network = Network::new();
    network.answer(&Object::new().unchecked_into());
    let page = Page::open(&[("proxy-url", "/odd")], None);
    until("it failed", || !page.notifications("error").is_empty()).await;
}

#[wasm_bindgen_test]
async fn a_body_that_somebody_has_read_already_does_no_harm() {
    let answer = response(200, &balance("5", "USD"), &[]);
    let _read = answer.text().unwrap();
    assert_eq!(code_after(|network| network.answer(&answer), "/used").await, "invalid-response");
}

#[wasm_bindgen_test]
async fn the_request_says_what_it_is() {
    let network = Network::new();
    let _page = Page::open(&[("proxy-url", "/said?a=1"), ("credentials", "include")], None);
    until("it is sent", || network.count() == 1).await;
    let request = network.last();
    assert!(request.url().ends_with("/said?a=1"), "{}", request.url());
    let header = |name| request.headers().get(name).unwrap();
    assert_eq!(header("Accept").as_deref(), Some("application/json"));
    assert_eq!(header("X-Airalo-Widget").as_deref(), Some("1"));
    assert_eq!(request.credentials(), web_sys::RequestCredentials::Include);
}

/// A body of bytes, as no text of Rust can hold it. They are copied out of the memory of Rust,
/// because WebKit reads them only when the body is read.
fn bytes(body: &[u8]) -> Response {
    Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(body))).unwrap()
}

#[wasm_bindgen_test]
async fn bytes_that_are_not_utf_8_cost_the_name_and_not_the_balance() {
    let network = Network::new();
    let body = balance("5", "USD").replace("balance\",", "#\",");
    let latin1: Vec<_> = body.bytes().map(|byte| if byte == b'#' { 0xe9 } else { byte }).collect();
    assert!(latin1.contains(&0xe9));
    network.answer(&bytes(&[b"\xef\xbb\xbf", &latin1[..]].concat()));
    // The browser may be of any language.
    let page = Page::open(&[("proxy-url", "/latin-1"), ("locale", "en")], None);
    until("there is a balance", || page.money() != "").await;
    assert_eq!(page.money(), "$5.00");
    assert!(page.notifications("ready")[0].contains("\u{fffd}"));
}

#[wasm_bindgen_test]
async fn bytes_that_are_not_utf_8_in_the_currency_are_an_invalid_response() {
    let body = balance("5", "U#D");
    let latin1: Vec<_> = body.bytes().map(|byte| if byte == b'#' { 0xe9 } else { byte }).collect();
    assert_eq!(code_after(|network| network.answer(&bytes(&latin1)), "/damaged").await, "invalid-response");
}
