//! What an app gets when somebody presses the top-up link.

use crate::model::Balance;
use std::rc::Rc;
use web_sys::Event;

/// The top-up link was pressed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TopUp {
    /// Where the link leads.
    pub url: Option<String>,
    /// All balances on the card.
    pub balances: Rc<[Balance]>,
    click: Event,
}

impl TopUp {
    pub(super) const fn new(url: Option<String>, balances: Rc<[Balance]>, click: Event) -> Self {
        Self { url, balances, click }
    }

    /// Keeps the link from opening. It has no effect after the callback has returned.
    pub fn prevent_default(&self) {
        self.click.prevent_default();
    }
}
