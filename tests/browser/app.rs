//! What is inside the shadow root, by itself.

use crate::page::{document, until};
use airalo_balance::internal::{App, Message, Props};
use airalo_balance::model::{Config, ErrorCode, PollState, State};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::{Callback, Renderer, props};

#[wasm_bindgen_test]
async fn every_failure_is_reported_although_the_next_one_comes_before_the_render() {
    let failures: Rc<RefCell<Vec<u32>>> = Rc::default();
    let props = {
        let failures = failures.clone();
        props!(Props {
            config: Rc::new(Config::read(|_| None).0),
            on_update: Callback::from(move |(poll, _): (Rc<PollState>, _)| {
                // Those of the test: the state of the page may be reported in between.
                if poll.failure > 1_000 {
                    failures.borrow_mut().push(poll.failure);
                }
            }),
        })
    };
    let root = document().create_element("div").unwrap();
    document().body().unwrap().append_child(&root).unwrap();
    let app = Renderer::<App>::with_root_and_props(root.clone(), props).render();
    until("the card has no URL", || root.query_selector(".error").unwrap().is_some()).await;

    let failed = |failure, code: ErrorCode| {
        let state = State::Failed(code.into());
        Message::Polled(Rc::new(PollState { state, failure, ..PollState::default() }))
    };
    app.send_message_batch(vec![failed(1_001, ErrorCode::Timeout), failed(1_002, ErrorCode::Network)]);
    until("both are reported", || *failures.borrow() == [1_001, 1_002]).await;
    app.destroy();
    root.remove();
}
