//! The money of the simulated account: the balance and the orders.

use crate::cents::Cents;
use serde::Serialize;

/// How many orders the console lists.
const MAX_LISTED_ORDERS: usize = 8;

/// Prices of small eSIMs in cents. Automatic orders use them in turn, so that the balance falls
/// in the same way in every run.
const PRICES: [i64; 7] = [450, 800, 450, 1150, 600, 450, 1950];

/// An order that was paid, for one or several eSIMs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Order {
    /// The number of the order, starting at one.
    pub id: u64,
    /// The price of the whole order.
    pub price: Cents,
}

/// An order costs more than the credit that is left. Nothing was charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsufficientCredit {
    /// How much is missing.
    pub missing: Cents,
}

#[derive(Clone, Debug)]
pub(super) struct Ledger {
    balance: Cents,
    orders: Vec<Order>,
    order_count: u64,
}

impl Ledger {
    pub(super) const fn new(balance: Cents) -> Self {
        Self { balance, orders: Vec::new(), order_count: 0 }
    }

    pub(super) const fn balance(&self) -> Cents {
        self.balance
    }

    pub(super) const fn set_balance(&mut self, balance: Cents) {
        self.balance = balance;
    }

    /// The newest orders, newest first.
    pub(super) fn newest_orders(&self) -> Vec<Order> {
        self.orders.iter().rev().copied().collect()
    }

    /// The number of all orders, including those that are no longer listed.
    pub(super) const fn order_count(&self) -> u64 {
        self.order_count
    }

    /// The price of the next automatic order.
    pub(super) const fn next_price(&self) -> Cents {
        Cents::new(PRICES[(self.order_count % PRICES.len() as u64) as usize])
    }

    pub(super) fn place_order(&mut self, price: Cents) -> Result<Order, InsufficientCredit> {
        let left = self.balance.checked_sub(price).unwrap_or(Cents::new(i64::MIN));
        if left < Cents::default() {
            let missing = Cents::default().checked_sub(left).unwrap_or(Cents::new(i64::MAX));
            return Err(InsufficientCredit { missing });
        }
        self.balance = left;
        self.order_count += 1;
        let order = Order { id: self.order_count, price };
        self.orders.push(order);
        if self.orders.len() > MAX_LISTED_ORDERS {
            self.orders.remove(0);
        }
        Ok(order)
    }

    /// Adds credit. Returns `false` if the sum would overflow.
    pub(super) fn top_up(&mut self, amount: Cents) -> bool {
        self.balance.checked_add(amount).map(|sum| self.balance = sum).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_charges_exactly_its_price() {
        let mut ledger = Ledger::new(Cents::new(22_535));
        assert_eq!(ledger.place_order(Cents::new(450)), Ok(Order { id: 1, price: Cents::new(450) }));
        assert_eq!(ledger.balance(), Cents::new(22_085));
    }

    #[test]
    fn an_order_beyond_the_credit_charges_nothing_and_says_how_much_is_missing() {
        let mut ledger = Ledger::new(Cents::new(100));
        assert_eq!(ledger.place_order(Cents::new(450)), Err(InsufficientCredit { missing: Cents::new(350) }));
        assert_eq!((ledger.balance(), ledger.order_count()), (Cents::new(100), 0));
        assert!(ledger.place_order(Cents::new(100)).is_ok());
    }

    #[test]
    fn a_negative_balance_adds_to_what_is_missing() {
        let mut ledger = Ledger::new(Cents::new(-1250));
        assert_eq!(
            ledger.place_order(Cents::new(450)),
            Err(InsufficientCredit { missing: Cents::new(1700) })
        );
        assert_eq!(
            Ledger::new(Cents::new(i64::MIN)).place_order(Cents::new(1)),
            Err(InsufficientCredit { missing: Cents::new(i64::MAX) })
        );
    }

    #[test]
    fn automatic_orders_have_the_same_prices_in_every_run() {
        let run = || {
            let mut ledger = Ledger::new(Cents::new(100_000));
            (0..20).map(|_| ledger.place_order(ledger.next_price()).unwrap().price).collect::<Vec<_>>()
        };
        assert_eq!(run(), run());
        assert!(run().windows(2).any(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn only_the_newest_orders_are_listed_and_all_are_counted() {
        let mut ledger = Ledger::new(Cents::new(100_000));
        for _ in 0..20 {
            ledger.place_order(Cents::new(1)).unwrap();
        }
        assert_eq!(ledger.newest_orders().len(), MAX_LISTED_ORDERS);
        assert_eq!((ledger.newest_orders()[0].id, ledger.order_count()), (20, 20));
    }

    #[test]
    fn a_top_up_that_would_overflow_changes_nothing() {
        let mut ledger = Ledger::new(Cents::new(1));
        assert!(!ledger.top_up(Cents::new(i64::MAX)));
        assert_eq!(ledger.balance(), Cents::new(1));
    }
}
