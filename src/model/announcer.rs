//! What the live region says: changes only, and each change once.

use super::text::Text;

/// What gives cause for concern.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Concerns {
    /// Why there is no balance, or no newer one.
    pub problem: Option<Text>,
    /// The warning that belongs to the level.
    pub alert: Option<Text>,
}

/// Decides what stands in the live region of a card.
///
/// A screen reader speaks when the text changes: when a concern appears, when it becomes another
/// one, and when it is over. A refresh that changes nothing is silent, unless the reader has asked for
/// it and the concern stays; so is a first balance without any concern.
#[derive(Debug, Default)]
pub struct Announcer {
    concerns: Concerns,
    current: Vec<Text>,
    /// The number of the request that had settled last when the reader asked for another one.
    asked_after: Option<u32>,
}

impl Announcer {
    /// The texts of the region now that these are the concerns. `settled` is the number of the request
    /// that has settled last.
    ///
    /// While the card is loading nothing is known, so earlier concerns are forgotten.
    pub fn update(&mut self, loading: bool, concerns: Concerns, settled: u32) -> &[Text] {
        if loading {
            *self = Self::default();
            return &self.current;
        }
        let before = std::mem::replace(&mut self.concerns, concerns);
        let changes = [
            change(before.problem, concerns.problem, Text::Recovered),
            change(before.alert, concerns.alert, Text::Enough),
        ];
        let mut texts: Vec<_> = changes.into_iter().flatten().collect();
        if self.asked_after.take_if(|number| *number != settled).is_some() && texts.is_empty() {
            texts.extend([concerns.problem, concerns.alert].into_iter().flatten());
        }
        if !texts.is_empty() {
            self.current = texts;
        }
        &self.current
    }

    /// The reader asks for a fresh balance, and hears of a concern that stays all the same.
    pub fn ask(&mut self, settled: u32) {
        self.asked_after = Some(settled);
        // A text is only spoken again after it was gone.
        self.current.clear();
    }

    /// Announces something that is not a concern.
    pub fn announce(&mut self, text: Text) {
        self.current = vec![text];
    }

    /// Takes an announcement back, so that the same text can be announced again.
    pub fn withdraw(&mut self, text: Text) {
        if self.current == [text] {
            self.current.clear();
        }
    }
}

/// What is said of a concern, if it is another one now. `all_clear` says that it is over.
fn change(before: Option<Text>, now: Option<Text>, all_clear: Text) -> Option<Text> {
    if before == now { None } else { now.or(Some(all_clear)) }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn problem(text: Text) -> Concerns {
        Concerns { problem: Some(text), alert: None }
    }

    fn alert(text: Text) -> Concerns {
        Concerns { problem: None, alert: Some(text) }
    }

    /// The texts of the region after each of these concerns.
    fn announced(concerns: &[Concerns]) -> Vec<Vec<Text>> {
        let mut announcer = Announcer::default();
        concerns.iter().map(|concerns| announcer.update(false, *concerns, 0).to_vec()).collect()
    }

    const NONE: Concerns = Concerns { problem: None, alert: None };

    #[test]
    fn nothing_is_announced_while_all_is_well() {
        assert!(announced(&[NONE, NONE]).iter().all(Vec::is_empty));
    }

    #[test]
    fn a_concern_is_announced_once_and_its_end_as_well() {
        let network = problem(Text::Network);
        assert_eq!(
            announced(&[NONE, network, network, NONE, NONE]),
            [vec![], vec![Text::Network], vec![Text::Network], vec![Text::Recovered], vec![Text::Recovered]]
        );
    }

    #[test]
    fn enough_credit_is_told_apart_from_a_server_that_is_back() {
        assert_eq!(announced(&[alert(Text::Low), NONE])[1], [Text::Enough]);
        assert_eq!(announced(&[problem(Text::Timeout), NONE])[1], [Text::Recovered]);
    }

    #[test]
    fn one_concern_after_another_is_announced() {
        let (low, critical) = (alert(Text::Low), alert(Text::Critical));
        assert_eq!(announced(&[low, critical, low]), [[Text::Low], [Text::Critical], [Text::Low]]);
    }

    #[test]
    fn a_problem_hides_no_alarm_and_neither_ends_with_the_other() {
        let both = Concerns { problem: Some(Text::Network), alert: Some(Text::Low) };
        assert_eq!(
            announced(&[both, alert(Text::Low), both, problem(Text::Network)]),
            [vec![Text::Network, Text::Low], vec![Text::Recovered], vec![Text::Network], vec![Text::Enough]]
        );
    }

    #[test]
    fn whoever_asks_hears_of_a_concern_that_stays() {
        let mut announcer = Announcer::default();
        announcer.update(false, problem(Text::Network), 1);
        announcer.ask(1);
        assert_eq!(announcer.update(false, problem(Text::Network), 1), []);
        assert_eq!(announcer.update(false, problem(Text::Network), 2), [Text::Network]);
        announcer.ask(2);
        announcer.update(false, problem(Text::Network), 3);
        announcer.announce(Text::Copied);
        assert_eq!(
            announcer.update(false, problem(Text::Network), 4),
            [Text::Copied],
            "nobody has asked again"
        );
        announcer.update(false, NONE, 5);
        announcer.ask(5);
        assert_eq!(announcer.update(false, NONE, 6), [], "nothing in the card changes");
    }

    #[test]
    fn an_announcement_in_between_does_not_make_an_old_concern_new() {
        let mut announcer = Announcer::default();
        announcer.update(false, problem(Text::Network), 0);
        announcer.announce(Text::Copied);
        assert_eq!(announcer.update(false, problem(Text::Network), 0), [Text::Copied]);
        assert_eq!(announcer.update(false, NONE, 0), [Text::Recovered]);
    }

    #[test]
    fn the_same_text_can_be_announced_again_once_it_was_withdrawn() {
        let mut announcer = Announcer::default();
        announcer.announce(Text::Copied);
        announcer.withdraw(Text::Copied);
        assert_eq!(announcer.update(false, NONE, 0), []);
        announcer.announce(Text::Copied);
        announcer.withdraw(Text::Low);
        assert_eq!(announcer.update(false, NONE, 0), [Text::Copied]);
    }

    #[test]
    fn another_url_begins_in_silence() {
        let mut announcer = Announcer::default();
        announcer.update(false, problem(Text::Network), 0);
        assert_eq!(announcer.update(true, NONE, 0), []);
        assert_eq!(announcer.update(false, NONE, 0), []);
    }
}
