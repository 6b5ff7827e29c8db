use super::*;

#[test]
fn automatic_orders_stop_when_the_credit_is_too_low_and_continue_after_a_top_up() {
    let state = SandboxState::new(Config { balance: Cents::new(500), ..Config::default() });
    (0..5).for_each(|_| state.place_automatic_order());
    assert_eq!((state.balance(), state.counts().orders), (Cents::new(50), 1));

    assert!(state.top_up(Cents::new(1000)));
    state.place_automatic_order();
    assert_eq!((state.balance(), state.counts().orders), (Cents::new(250), 2));
}

#[test]
fn a_reset_returns_to_the_state_of_the_start() {
    let state = SandboxState::new(Config::default());
    state.set_scenario(Scenario::Zero);
    state.place_order(Cents::new(450)).unwrap();
    state.reset();
    assert_eq!(state.balance(), Config::default().balance);
    assert_eq!((state.scenario(), state.counts()), (Scenario::Normal, Counts::default()));
}
