use super::*;
use yew::LocalServerRenderer;

#[component]
fn Panel() -> Html {
    html! {
        <BalanceCard proxy_url="/api/balance" refresh_interval=5 theme={Theme::Dark} class="wide">
            <b slot="label">{ "Our credit" }</b>
        </BalanceCard>
    }
}

#[test]
fn a_server_renders_the_element_and_what_is_in_its_slots() {
    let renderer = LocalServerRenderer::<Panel>::new().hydratable(false);
    let html = futures::executor::block_on(renderer.render());
    assert_eq!(
        html,
        r#"<airalo-balance-card theme="dark" state="loading" class="wide"><b slot="label">Our credit</b></airalo-balance-card>"#
    );
}
