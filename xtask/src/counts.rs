//! Reads how many tests a tool says it ran, so that the last line of a run is a fact.

/// Tests that passed according to `cargo test` or `wasm-pack test`, which end each suite alike.
pub(crate) fn of_cargo(output: &str) -> usize {
    output
        .lines()
        .filter_map(|line| line.trim().strip_prefix("test result: ok. "))
        .filter_map(leading_number)
        .sum()
}

/// Tests that passed according to Playwright's list: `34 passed (12.3s)`.
pub(crate) fn of_playwright(output: &str) -> usize {
    let passed = |line: &str| line.split_whitespace().nth(1) == Some("passed");
    output.lines().map(str::trim).filter(|line| passed(line)).filter_map(leading_number).sum()
}

fn leading_number(line: &str) -> Option<usize> {
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suite_of_a_workspace_is_counted() {
        let output = "\
running 2 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

   Doc-tests airalo_balance
test result: ok. 41 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.31s
";
        assert_eq!(of_cargo(output), 43);
    }

    #[test]
    fn a_failed_suite_counts_for_nothing() {
        assert_eq!(of_cargo("test result: FAILED. 7 passed; 1 failed; 0 ignored"), 0);
    }

    #[test]
    fn playwright_counts_what_passed_and_not_what_was_skipped() {
        assert_eq!(of_playwright("  ✓  1 a test passed (1s)\n\n  2 skipped\n  34 passed (1.2m)\n"), 34);
        assert_eq!(of_playwright("Error: No tests found"), 0);
    }
}
