use airalo_balance::{BalanceCard, Theme, Variant, Words};
use yew::prelude::*;

#[component]
fn Credit() -> Html {
    html! {
        <BalanceCard
            proxy_url="/api/balance"
            label="A & B's \"{{credit}}\" {x} `${y}` \\ <é>"
            variant={Variant::Compact}
            theme={Theme::Dark}
            low_threshold="200"
            critical_threshold="49.50"
            low_days=7
            critical_days=2
            credit_limit="1000"
            refresh_interval=300
            words={Words::PT_BR}
        />
    }
}
