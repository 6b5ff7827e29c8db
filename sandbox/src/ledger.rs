//! The pretended account: what is left, and what was bought.

use crate::Cents;
use serde::Serialize;

/// How many orders are remembered for the console.
const ORDERS_KEPT: usize = 8;

/// Prices of small eSIMs in cents, bought in turn so that every run falls in the same way.
const PRICES: [i64; 7] = [450, 800, 450, 1150, 600, 450, 1950];

/// One eSIM, or several of a kind, that was paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Order {
    /// Counted from one.
    pub id: u64,
    /// What it cost.
    pub price: Cents,
}

/// An order that costs more than is left. Nothing was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditShort {
    /// How much is missing.
    pub missing: Cents,
}

#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    balance: Cents,
    orders: Vec<Order>,
    placed: u64,
}

impl Ledger {
    pub(crate) const fn new(balance: Cents) -> Self {
        Self { balance, orders: Vec::new(), placed: 0 }
    }

    pub(crate) const fn balance(&self) -> Cents {
        self.balance
    }

    pub(crate) const fn set_balance(&mut self, balance: Cents) {
        self.balance = balance;
    }

    /// The newest orders, newest first.
    pub(crate) fn newest(&self) -> Vec<Order> {
        self.orders.iter().rev().copied().collect()
    }

    pub(crate) const fn placed(&self) -> u64 {
        self.placed
    }

    /// What the next order costs, where nobody says it.
    pub(crate) const fn next_price(&self) -> Cents {
        Cents::new(PRICES[(self.placed % PRICES.len() as u64) as usize])
    }

    pub(crate) fn order(&mut self, price: Cents) -> Result<Order, CreditShort> {
        let left = self.balance.minus(price).unwrap_or(Cents::new(i64::MIN));
        if left < Cents::default() {
            let missing = Cents::default().minus(left).unwrap_or(Cents::new(i64::MAX));
            return Err(CreditShort { missing });
        }
        self.balance = left;
        self.placed += 1;
        let order = Order { id: self.placed, price };
        self.orders.push(order);
        if self.orders.len() > ORDERS_KEPT {
            self.orders.remove(0);
        }
        Ok(order)
    }

    /// Adds credit, or says no where the sum cannot be kept.
    pub(crate) fn top_up(&mut self, amount: Cents) -> bool {
        self.balance.plus(amount).map(|sum| self.balance = sum).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_takes_exactly_its_price() {
        let mut ledger = Ledger::new(Cents::new(22_535));
        assert_eq!(ledger.order(Cents::new(450)), Ok(Order { id: 1, price: Cents::new(450) }));
        assert_eq!(ledger.balance(), Cents::new(22_085));
    }

    #[test]
    fn an_order_beyond_the_credit_takes_nothing_and_says_what_is_missing() {
        let mut ledger = Ledger::new(Cents::new(100));
        assert_eq!(ledger.order(Cents::new(450)), Err(CreditShort { missing: Cents::new(350) }));
        assert_eq!((ledger.balance(), ledger.placed()), (Cents::new(100), 0));
        assert!(ledger.order(Cents::new(100)).is_ok());
    }

    #[test]
    fn a_debt_is_counted_into_what_is_missing() {
        let mut ledger = Ledger::new(Cents::new(-1250));
        assert_eq!(ledger.order(Cents::new(450)), Err(CreditShort { missing: Cents::new(1700) }));
        assert_eq!(
            Ledger::new(Cents::new(i64::MIN)).order(Cents::new(1)),
            Err(CreditShort { missing: Cents::new(i64::MAX) })
        );
    }

    #[test]
    fn two_runs_fall_in_the_same_way() {
        let run = || {
            let mut ledger = Ledger::new(Cents::new(100_000));
            (0..20).map(|_| ledger.order(ledger.next_price()).unwrap().price).collect::<Vec<_>>()
        };
        assert_eq!(run(), run());
        assert!(run().windows(2).any(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn only_the_newest_orders_are_kept_and_all_are_counted() {
        let mut ledger = Ledger::new(Cents::new(100_000));
        for _ in 0..20 {
            ledger.order(Cents::new(1)).unwrap();
        }
        assert_eq!(ledger.newest().len(), ORDERS_KEPT);
        assert_eq!((ledger.newest()[0].id, ledger.placed()), (20, 20));
    }

    #[test]
    fn a_top_up_that_cannot_be_kept_changes_nothing() {
        let mut ledger = Ledger::new(Cents::new(1));
        assert!(!ledger.top_up(Cents::new(i64::MAX)));
        assert_eq!(ledger.balance(), Cents::new(1));
    }
}
