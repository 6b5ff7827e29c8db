//! What the live region says: changes only, and each change once.

use super::text::Text;

/// Decides what stands in the live region of a card.
///
/// A screen reader speaks when the text changes: when a concern appears, when it becomes another
/// one, and when it is over. A refresh that changes nothing is silent, and so is a first balance
/// without any concern.
#[derive(Debug, Default)]
pub struct Announcer {
    concern: Option<Text>,
    current: Option<Text>,
}

impl Announcer {
    /// The text of the region now that this is the concern.
    ///
    /// While the card is loading nothing is known, so earlier concerns are forgotten.
    pub fn update(&mut self, loading: bool, concern: Option<Text>) -> Option<Text> {
        if loading {
            *self = Self::default();
        } else if concern != self.concern {
            self.current = concern.or_else(|| self.concern.map(all_clear));
            self.concern = concern;
        }
        self.current
    }

    /// Announces something that is not a concern.
    pub fn announce(&mut self, text: Text) {
        self.current = Some(text);
    }

    /// Takes an announcement back, so that the same text can be announced again.
    pub fn withdraw(&mut self, text: Text) {
        if self.current == Some(text) {
            self.current = None;
        }
    }
}

const fn all_clear(concern: Text) -> Text {
    match concern {
        Text::Low | Text::Critical | Text::NothingLeft => Text::Enough,
        _ => Text::Recovered,
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    /// The text of the region after each of these concerns.
    fn announced(concerns: &[Option<Text>]) -> Vec<Option<Text>> {
        let mut announcer = Announcer::default();
        concerns.iter().map(|concern| announcer.update(false, *concern)).collect()
    }

    #[test]
    fn nothing_is_announced_while_all_is_well() {
        assert_eq!(announced(&[None, None, None]), [None, None, None]);
    }

    #[test]
    fn a_concern_is_announced_once_and_its_end_as_well() {
        let (network, recovered) = (Some(Text::Network), Some(Text::Recovered));
        assert_eq!(
            announced(&[None, network, network, None, None]),
            [None, network, network, recovered, recovered]
        );
    }

    #[test]
    fn enough_credit_is_told_apart_from_a_server_that_is_back() {
        assert_eq!(announced(&[Some(Text::Low), None])[1], Some(Text::Enough));
        assert_eq!(announced(&[Some(Text::NothingLeft), None])[1], Some(Text::Enough));
        assert_eq!(announced(&[Some(Text::Timeout), None])[1], Some(Text::Recovered));
    }

    #[test]
    fn one_concern_after_another_is_announced() {
        let (low, critical) = (Some(Text::Low), Some(Text::Critical));
        assert_eq!(announced(&[low, critical, low]), [low, critical, low]);
    }

    #[test]
    fn an_announcement_in_between_does_not_make_an_old_concern_new() {
        let mut announcer = Announcer::default();
        announcer.update(false, Some(Text::Network));
        announcer.announce(Text::Copied);
        assert_eq!(announcer.update(false, Some(Text::Network)), Some(Text::Copied));
        assert_eq!(announcer.update(false, None), Some(Text::Recovered));
    }

    #[test]
    fn the_same_text_can_be_announced_again_once_it_was_withdrawn() {
        let mut announcer = Announcer::default();
        announcer.announce(Text::Copied);
        announcer.withdraw(Text::Copied);
        assert_eq!(announcer.update(false, None), None);
        announcer.announce(Text::Copied);
        announcer.withdraw(Text::Low);
        assert_eq!(announcer.update(false, None), Some(Text::Copied));
    }

    #[test]
    fn another_url_begins_in_silence() {
        let mut announcer = Announcer::default();
        announcer.update(false, Some(Text::Network));
        assert_eq!(announcer.update(true, None), None);
        assert_eq!(announcer.update(false, None), None);
    }
}
