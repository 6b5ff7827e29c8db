//! Compares the forecast with other methods on simulated partners, and writes a page.
//!
//! `cargo xtask bench forecast` runs it.

// Examples are compiled for browsers too.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]

#[path = "../tests/forecast/comparison.rs"]
mod comparison;
#[path = "../tests/forecast/methods.rs"]
mod methods;
#[path = "../tests/forecast/rows.rs"]
mod rows;
#[path = "../tests/forecast/simulation.rs"]
mod simulation;

use airalo_balance::model::history::credits;
use comparison::{Comparison, compare};
use methods::METHODS;
use simulation::{Run, SETTINGS, runs};

const HEAD: &str = "# The forecast beside other methods

Written by `cargo xtask bench forecast`, which always finds the same figures.
The method is in [docs/forecast.md](../docs/forecast.md).

Each row is of 200 simulated partners. The truth is when the first order cannot be paid if nobody tops up any more.
";

const METHOD: &str = "
## How it is measured

- Orders are a Poisson process with quiet nights. A day of the weekend sells 0.3 to 1.7 times what another day sells. There are 2 to 60 orders a day, unless the row says otherwise.
- Prices are log-normal (σ = 0.8) with a mean of 5 to 40: mostly single packages, now and then many at once.
- When the balance is below what is used in 1 to 4 days, the partner adds what is used in 7 to 30 days.
- The balance is read every 15 minutes. Every third proxy was off for 6 to 72 hours.
- Each method is asked once, at a random moment. Its answer is rounded to whole days, as a card shows it. No answer, and “never”, count as 90 days, as does every longer time.
- `predict_linear` is the line of least squares that Prometheus puts through the samples of the range; the answer is when it is at zero. Theil–Sen takes hourly samples. The means divide the last balance by the mean of all falls.
";

/// Writes to the file that is named, or else prints.
fn main() -> std::io::Result<()> {
    let page = page();
    match std::env::args_os().nth(1) {
        Some(file) => std::fs::write(file, page),
        None => {
            print!("{page}");
            Ok(())
        }
    }
}

fn page() -> String {
    let mut found: Vec<(&str, Comparison)> = Vec::new();
    for (index, setting) in SETTINGS.iter().enumerate() {
        let runs = runs(setting);
        found.push((setting.name, compare(&runs)));
        if index == 0 {
            let easy = runs.iter().filter(|run| !topped_up_lately(run));
            found.push(("of these, no top-up for 7 days", compare(easy)));
        }
    }
    let table = |row: fn(&str, &Comparison) -> String| {
        found.iter().map(|(name, comparison)| row(name, comparison) + "\n").collect::<String>()
    };
    let names = METHODS.map(|(name, _)| name).join(" | ");
    [
        HEAD,
        "\n## The range\n\n",
        "| partners | runs | truth in the range | median range, days | median truth, days |\n",
        "| --- | ---: | ---: | ---: | ---: |\n",
        &table(rows::of_ranges),
        "\n## The middle\n\n",
        "The median error in days. In brackets: the error of this forecast divided by it.\n\n",
        &format!("| partners | {names} |\n| ---{} |\n", " | ---:".repeat(METHODS.len())),
        &table(rows::of_errors),
        METHOD,
    ]
    .concat()
}

fn topped_up_lately(run: &Run) -> bool {
    credits(&run.samples).last().is_some_and(|credit| run.now - credit.at < 7 * 86_400)
}
