//! What is said aloud: news, and each only once.

use super::text::Text;

/// What is in the one status region of a card.
///
/// A screen reader speaks when it changes: when something begins to be the matter, when it
/// becomes another thing, and when it is over. A refresh that changes nothing is silent, and so
/// is a first balance that is nothing to worry about.
#[derive(Debug, Default)]
pub struct Announcer {
    concern: Option<Text>,
    said: Option<Text>,
}

impl Announcer {
    /// The text of the region, when this is what is the matter.
    ///
    /// `waiting` means that nothing is known yet, so what was said before is of no concern.
    pub fn say(&mut self, waiting: bool, concern: Option<Text>) -> Option<Text> {
        if waiting {
            *self = Self::default();
        } else if concern != self.concern {
            self.said = concern.or_else(|| self.concern.map(relief));
            self.concern = concern;
        }
        self.said
    }

    /// Says something in between.
    pub fn tell(&mut self, news: Text) {
        self.said = Some(news);
    }
}

const fn relief(concern: Text) -> Text {
    match concern {
        Text::Low | Text::Critical | Text::NothingLeft => Text::Enough,
        _ => Text::Recovered,
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    /// What is in the region after each of these.
    fn said(concerns: &[Option<Text>]) -> Vec<Option<Text>> {
        let mut voice = Announcer::default();
        concerns.iter().map(|concern| voice.say(false, *concern)).collect()
    }

    #[test]
    fn nothing_is_said_while_all_is_well() {
        assert_eq!(said(&[None, None, None]), [None, None, None]);
    }

    #[test]
    fn a_concern_is_said_once_and_its_end_as_well() {
        let (network, recovered) = (Some(Text::Network), Some(Text::Recovered));
        assert_eq!(
            said(&[None, network, network, None, None]),
            [None, network, network, recovered, recovered]
        );
    }

    #[test]
    fn enough_credit_is_told_apart_from_a_server_that_is_back() {
        assert_eq!(said(&[Some(Text::Low), None])[1], Some(Text::Enough));
        assert_eq!(said(&[Some(Text::NothingLeft), None])[1], Some(Text::Enough));
        assert_eq!(said(&[Some(Text::Timeout), None])[1], Some(Text::Recovered));
    }

    #[test]
    fn one_concern_after_another_is_news() {
        let (low, critical) = (Some(Text::Low), Some(Text::Critical));
        assert_eq!(said(&[low, critical, low]), [low, critical, low]);
    }

    #[test]
    fn what_is_said_in_between_does_not_make_an_old_concern_new() {
        let mut voice = Announcer::default();
        voice.say(false, Some(Text::Network));
        voice.tell(Text::Copied);
        assert_eq!(voice.say(false, Some(Text::Network)), Some(Text::Copied));
        assert_eq!(voice.say(false, None), Some(Text::Recovered));
    }

    #[test]
    fn another_url_begins_in_silence() {
        let mut voice = Announcer::default();
        voice.say(false, Some(Text::Network));
        assert_eq!(voice.say(true, None), None);
        assert_eq!(voice.say(false, None), None);
    }
}
