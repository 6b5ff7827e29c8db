//! cargo-deny: licences, sources and known weaknesses of the crates that are used.

use crate::{
    machine::Machine,
    process,
    screen::{say, warn},
};

/// Checks by `deny.toml`.
pub(crate) fn check(machine: &mut Machine) -> anyhow::Result<()> {
    let deny = machine.command("cargo").args(["deny", "--workspace", "check"]);
    let offline = deny.clone().args(["licenses", "bans", "sources"]);
    machine.step("Checking licences and sources of the crates with cargo-deny", &offline)?;
    // They are published at any time, and no reason not to run the tests.
    machine.timed("Looking for advisories about the crates", |_| {
        let finished = process::watch(&deny.args(["advisories"]))?;
        match (finished.success, is_out_of_reach(&finished.text)) {
            (true, _) => say("  there are none"),
            (false, true) => say("  none are looked for: their database, on GitHub, cannot be reached"),
            (false, false) => {
                warn(&format!("  cargo-deny has found something:\n{}", finished.text.trim_end()))
            }
        }
        Ok(())
    })
}

fn is_out_of_reach(output: &str) -> bool {
    output.contains("failed to fetch advisory database")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_cannot_be_had_is_not_taken_for_an_advisory() {
        assert!(is_out_of_reach(
            "[ERROR] failed to fetch advisory database https://example.com/db with cli: …"
        ));
        assert!(!is_out_of_reach("error[vulnerability]: a weakness\nadvisories FAILED"));
    }
}
