//! What `history import` adds, and what it says of that.

use super::{HistoryError, Others};
use crate::history::{Entry, Series, Store};
use crate::time::timestamp;
use airalo_balance::model::Currency;
use airalo_balance::model::history::Sample;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// What Airalo calls the balance of an account.
const USUAL_NAME: &str = "balance";

/// What is in the history now.
pub(super) struct Added {
    /// Balances at different seconds.
    count: usize,
    /// How many of them are in another currency than that of the history, and which one that is.
    of_others: Option<(usize, Currency)>,
}

/// Adds samples to the first balance of the account, or to that of their currency.
pub(super) async fn add(
    store: &Store,
    account: &str,
    samples: &[(Sample, Currency)],
) -> Result<Added, HistoryError> {
    let primary = store.primary(account).await?;
    let known = store.all_series(account).await?;
    if let Some(primary) = &primary {
        refuse_unknown_currency(store, account, primary, &known, samples).await?;
    }
    let series_of = |currency: &Currency| {
        let known = primary.iter().chain(&known).find(|series| series.currency == *currency);
        let name = primary.as_ref().map_or(USUAL_NAME, |primary| &primary.name);
        known.cloned().unwrap_or_else(|| Series { name: name.to_owned(), currency: currency.clone() })
    };
    let entries: Vec<_> = samples
        .iter()
        .map(|(sample, currency)| Entry { series: series_of(currency), sample: *sample })
        .collect();
    let newest = entries.iter().max_by_key(|entry| entry.sample.at).map(|entry| &entry.series);
    store.write(account, newest.filter(|_| primary.is_none()), &entries).await?;
    Ok(Added::of(&entries, primary.as_ref().or(newest)))
}

/// The history begins after the last balance in another currency, so a code that is misspelt would end it.
/// What lies before all of it may be in any.
async fn refuse_unknown_currency(
    store: &Store,
    account: &str,
    primary: &Series,
    known: &[Series],
    samples: &[(Sample, Currency)],
) -> Result<(), HistoryError> {
    let is_unknown = |currency: &Currency| known.iter().all(|series| series.currency != *currency);
    let begin = store.load(account, primary, i64::MIN).await?.first().map(|sample| sample.at);
    let late = |(sample, currency): &&(Sample, Currency)| {
        begin.is_some_and(|begin| sample.at > begin) && is_unknown(currency)
    };
    let late: Vec<_> = samples.iter().filter(late).collect();
    let Some((first, currency)) = late.iter().min_by_key(|(sample, _)| sample.at) else { return Ok(()) };
    Err(HistoryError::OtherCurrency {
        count: late.len(),
        currency: currency.clone(),
        first: timestamp(first.at),
        known: primary.currency.clone(),
    })
}

impl Added {
    fn of(entries: &[Entry], primary: Option<&Series>) -> Self {
        let is_other = |entry: &Entry| primary.is_some_and(|primary| entry.series != *primary);
        let key = |entry: &Entry| (entry.series.currency.code().to_owned(), entry.sample.at);
        let count =
            |entries: &mut dyn Iterator<Item = &Entry>| entries.map(key).collect::<BTreeSet<_>>().len();
        let of_others = count(&mut entries.iter().filter(|entry| is_other(entry)));
        Self {
            count: count(&mut entries.iter()),
            of_others: primary.filter(|_| of_others > 0).map(|primary| (of_others, primary.currency.clone())),
        }
    }

    pub(super) fn describe(
        &self,
        too_old: usize,
        others: Option<Others>,
        text: &mut impl Write,
    ) -> io::Result<()> {
        let count = self.count;
        writeln!(text, "{count} balances are in the history; a running proxy shows them within 10 s.")?;
        if let Some((count, currency)) = &self.of_others {
            writeln!(
                text,
                "{count} of them are not in {}, its currency: they are exported, and the card shows what comes after them.",
                currency.code()
            )?;
        }
        if too_old > 0 {
            writeln!(text, "{too_old} lines are older than the 400 days that are kept, and were left out.")?;
        }
        if let Some(others) = others {
            eprintln!(
                "This is a new history: there was none of this AIRALO_CLIENT_ID, but of {others}, which goes on apart from it."
            );
        }
        Ok(())
    }
}
