//! What the card says in each place of its markup.

use super::template::{Markup, Named, places, size_of, steps};
use crate::model::Amount;
use crate::model::wording::{Slot, Wording};
use std::borrow::Cow;

/// What the card needs besides its words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look<'a> {
    /// `loading`, `ready`, `empty` or `error`.
    pub(crate) state: &'static str,
    /// The language of the words.
    pub(crate) language: &'a str,
    /// `ok`, `low` or `critical`.
    pub(crate) level: &'static str,
    /// Whether there is a URL that could be asked again.
    pub(crate) can_ask: bool,
    /// Whether there is a button to refresh.
    pub(crate) refresh_button: bool,
    /// Where the top-up link leads, if there is one.
    pub(crate) top_up_url: Option<&'a str>,
    /// An id that nothing else in the document has.
    pub(crate) id: &'a str,
    /// Whether the card has a status region of its own.
    pub(crate) region: bool,
    /// What is in that region.
    pub(crate) spoken: &'a str,
}

/// What can be pressed names its action in this attribute.
///
/// The card listens for clicks by itself: yew would leave a listener behind with every root, and
/// would mark these elements with numbers that a host page's own yew takes for its own.
pub(crate) const ACTION: &str = "data-action";
/// Asks for a fresh balance.
pub(crate) const REFRESH: &str = "refresh";
/// Opens the top-up page, unless the page that holds the card prevents it.
pub(crate) const TOP_UP: &str = "top-up";
/// Copies what support wants to know.
pub(crate) const COPY: &str = "copy";

/// Every place of the markup that changes. What only hides or shows something holds no text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    Said(Slot),
    Class,
    Language,
    Direction,
    Busy,
    Loading,
    Dated,
    List,
    CanRefresh,
    Meter,
    MeterText,
    Percent,
    Width,
    Id,
    CanRetry,
    TopUpUrl,
    Region,
    Spoken,
    // Those of one line.
    ItemClass,
    ItemRole,
    Name,
    Money,
    InWords,
}

use Place::{self as P, Said};
use Slot as S;

/// What they are called in the markup.
const NAMES: &[(&str, Place)] = &[
    ("label", Said(S::Label)),
    ("of-limit", Said(S::OfLimit)),
    ("alert", Said(S::Alert)),
    ("title", Said(S::Title)),
    ("advice", Said(S::Advice)),
    ("as-of", Said(S::AsOf)),
    ("age", Said(S::Age)),
    ("missed", Said(S::Missed)),
    ("matter", Said(S::Matter)),
    ("matter-advice", Said(S::MatterAdvice)),
    ("support", Said(S::Support)),
    ("next-try", Said(S::NextTry)),
    ("refresh", Said(S::Refresh)),
    ("retry", Said(S::Retry)),
    ("top-up", Said(S::TopUp)),
    ("details", Said(S::Details)),
    ("copy", Said(S::Copy)),
    ("class", P::Class),
    ("language", P::Language),
    ("direction", P::Direction),
    ("busy", P::Busy),
    ("loading", P::Loading),
    ("dated", P::Dated),
    ("list", P::List),
    ("can-refresh", P::CanRefresh),
    ("meter", P::Meter),
    ("meter-text", P::MeterText),
    ("percent", P::Percent),
    ("width", P::Width),
    ("id", P::Id),
    ("can-retry", P::CanRetry),
    ("top-up-url", P::TopUpUrl),
    ("region", P::Region),
    ("spoken", P::Spoken),
    ("item-class", P::ItemClass),
    ("item-role", P::ItemRole),
    ("name", P::Name),
    ("money", P::Money),
    ("in-words", P::InWords),
];

/// Reads one of the two files of markup.
macro_rules! markup {
    ($file:literal) => {{
        const TEXT: &str = include_str!($file);
        const SIZE: (usize, usize) = size_of(TEXT);
        const STEPS: [u8; SIZE.0] = steps(TEXT);
        const PLACES: [Named<Place>; SIZE.1] = places(TEXT, NAMES);
        let Ok(steps) = str::from_utf8(&STEPS) else { panic!("markup is text") };
        Markup { steps, places: &PLACES }
    }};
}

/// The markup of the card.
pub(crate) static CARD: Markup<Place> = markup!("card.html");

/// The markup of one line.
pub(crate) static LINE: Markup<Place> = markup!("line.html");

/// What the card has to say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Speaker<'a> {
    pub(crate) words: &'a Wording,
    pub(crate) look: Look<'a>,
}

/// An amount with more letters than this would not fit into a line of an ordinary card.
const LONG: usize = 13;

impl<'a> Speaker<'a> {
    /// How many lines there are.
    pub(crate) const fn lines(&self) -> usize {
        self.words.lines.len()
    }

    /// What is in a place now, in that line where it is a place of a line. An empty word only says
    /// that there is something.
    pub(crate) fn word(&self, place: Place, line: usize) -> Option<Cow<'a, str>> {
        let (words, look) = (self.words, &self.look);
        let line = || words.lines.get(line);
        let loading = look.state == "loading";
        let several = words.lines.len() > 1;
        let percent = || Amount::whole(words.percent.unwrap_or_default().into()).to_decimal();
        match place {
            Said(slot) => words.text(slot).map(|text| Cow::Borrowed(&**text)),
            P::Class => {
                let stale = if words.text(S::Missed).is_some() { " stale" } else { "" };
                let several = if several { " several" } else { "" };
                owned(["card ", look.state, " ", look.level, stale, several].concat())
            }
            P::Language => known(look.language),
            // The card follows the direction of its words, whatever that of the page around it.
            P::Direction => known(if matches!(look.language, "ar" | "he") { "rtl" } else { "ltr" }),
            P::Busy => known(if loading { "true" } else { "false" }),
            P::Loading => flag(loading),
            P::Dated => flag(loading || words.text(S::AsOf).is_some()),
            P::List => several.then_some(Cow::Borrowed("list")),
            P::CanRefresh => flag(look.refresh_button && look.can_ask),
            P::Meter => flag(words.percent.is_some()),
            P::MeterText => owned([&*words.lines.first()?.money, " ", words.text(S::OfLimit)?].concat()),
            P::Percent => owned(percent()),
            P::Width => owned(percent() + "%"),
            P::Id => known(look.id),
            P::CanRetry => flag(look.state == "error" && look.can_ask),
            P::TopUpUrl => look.top_up_url.map(Cow::Borrowed),
            P::Region => look.region.then_some(Cow::Borrowed("status")),
            P::Spoken => look.region.then_some(Cow::Borrowed(look.spoken)),
            P::ItemClass => {
                let line = line()?;
                let negative = if line.negative { " negative" } else { "" };
                let long = if line.money.chars().count() > LONG { " long" } else { "" };
                owned(["item", negative, long].concat())
            }
            P::ItemRole => several.then_some(Cow::Borrowed("listitem")),
            P::Name => known(line()?.name.as_ref()?),
            P::Money => known(&line()?.money),
            P::InWords => known(&line()?.in_words),
        }
    }
}

/// A word that is there or not, and says nothing.
fn flag(yes: bool) -> Option<Cow<'static, str>> {
    yes.then_some(Cow::Borrowed(""))
}

#[expect(clippy::unnecessary_wraps, reason = "every place may be empty")]
const fn known(word: &str) -> Option<Cow<'_, str>> {
    Some(Cow::Borrowed(word))
}

#[expect(clippy::unnecessary_wraps, reason = "every place may be empty")]
const fn owned<'a>(word: String) -> Option<Cow<'a, str>> {
    Some(Cow::Owned(word))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::model::wording::Line;
    use crate::view::template::tests::html as html_of;

    fn words() -> Wording {
        saying(&[
            (S::Label, "Available credit"),
            (S::Refresh, "Refresh"),
            (S::Retry, "Try again"),
            (S::TopUp, "Top up"),
            (S::Details, "Details"),
            (S::Copy, "Copy"),
        ])
    }

    fn saying(texts: &[(Slot, &'static str)]) -> Wording {
        let mut words = Wording::default();
        for (slot, text) in texts {
            words.set(*slot, *text);
        }
        words
    }

    fn showing(lines: Vec<Line>, mut words: Wording) -> Wording {
        words.lines = lines;
        words
    }

    fn amount(name: Option<&str>, money: &str) -> Line {
        Line {
            name: name.map(str::to_owned),
            money: money.to_owned(),
            in_words: format!("{money} in words"),
            negative: money.starts_with('-'),
        }
    }

    fn look(state: &'static str) -> Look<'static> {
        Look {
            state,
            language: "en",
            level: "ok",
            can_ask: true,
            refresh_button: true,
            top_up_url: Some("https://example.com/top-up"),
            id: "airalo-balance-1",
            region: true,
            spoken: "",
        }
    }

    fn html(words: &Wording, look: Look<'_>) -> String {
        let speaker = Speaker { words, look };
        let lines: String =
            (0..speaker.lines()).map(|line| html_of(&LINE, |place| speaker.word(place, line), "")).collect();
        html_of(&CARD, |place| speaker.word(place, 0), &lines)
    }

    /// The opening tag of the first element with that class.
    fn tag<'a>(html: &'a str, class: &str) -> &'a str {
        with(html, &format!("class=\"{class}\""))
    }

    /// The opening tag of the first element that is that part.
    fn part<'a>(html: &'a str, name: &str) -> &'a str {
        with(html, &format!("part=\"{name}\""))
    }

    fn with<'a>(html: &'a str, attribute: &str) -> &'a str {
        let at = html.find(attribute).unwrap_or_else(|| panic!("no {attribute} in {html}"));
        let start = html[..at].rfind('<').unwrap();
        &html[start..=start + html[start..].find('>').unwrap()]
    }

    #[test]
    fn a_balance_is_shown_as_money_and_read_out_in_words() {
        let words = showing(vec![amount(None, "$225.35")], saying(&[(S::AsOf, "As of 10:42")]));
        let html = html(&words, look("ready"));
        assert!(html.contains("<bdi aria-hidden=\"true\">$225.35</bdi>"), "{html}");
        assert!(html.contains("<span class=\"spoken\">$225.35 in words</span>"), "{html}");
        assert!(html.contains("As of 10:42"), "{html}");
        assert!(tag(&html, "message").contains("hidden"), "{html}");
    }

    #[test]
    fn a_meter_that_is_not_shown_has_a_width_all_the_same() {
        let html = html(&words(), look("ready"));
        assert!(tag(&html, "fill").contains("width=\"0%\""), "{html}");
        assert!(part(&html, "meter").contains("aria-valuenow=\"0\""), "{html}");
    }

    #[test]
    fn the_card_follows_the_direction_of_its_words() {
        let shown = html(&words(), Look { language: "ar", ..look("loading") });
        assert!(tag(&shown, "card loading ok").contains("lang=\"ar\" dir=\"rtl\""), "{shown}");
        let shown = html(&words(), look("loading"));
        assert!(tag(&shown, "card loading ok").contains("lang=\"en\" dir=\"ltr\""), "{shown}");
    }

    #[test]
    fn only_several_balances_are_a_list() {
        let one = showing(vec![amount(None, "1")], words());
        assert!(!html(&one, look("ready")).contains("role=\"list"));
        let two = showing(vec![amount(Some("Main"), "1"), amount(Some("Europe"), "2")], words());
        let html = html(&two, look("ready"));
        assert_eq!(html.matches("role=\"listitem\"").count(), 2);
        assert!(html.contains("role=\"list\""));
    }

    #[test]
    fn an_error_offers_to_try_again_where_there_is_something_to_try() {
        let failed = saying(&[(S::Title, "You’re offline"), (S::Advice, "Wait.")]);
        let shown = html(&failed, look("error"));
        assert!(!part(&shown, "retry").contains("hidden"), "{shown}");

        let nothing_to_ask = Look { can_ask: false, ..look("error") };
        let shown = html(&failed, nothing_to_ask);
        assert!(
            part(&shown, "retry").contains("hidden") && part(&shown, "refresh").contains("hidden"),
            "{shown}"
        );
    }

    #[test]
    fn an_old_balance_stays_on_the_card_and_says_so() {
        let old = saying(&[(S::Missed, "Not up to date")]);
        let words = showing(vec![amount(None, "$5.00")], old);
        let html = html(&words, look("ready"));
        assert!(html.contains("$5.00") && html.contains("Not up to date"));
        assert!(html.contains("class=\"card ready ok stale\""), "{html}");
    }

    #[test]
    fn a_detail_for_support_can_be_opened_and_copied() {
        let old = saying(&[(S::Matter, "Not up to date"), (S::Support, "code: network")]);
        let shown = html(&old, look("ready"));
        assert!(part(&shown, "more").contains("popovertarget=\"airalo-balance-1\""), "{shown}");
        assert!(part(&shown, "details").contains("id=\"airalo-balance-1\""), "{shown}");
        assert!(shown.contains("code: network</pre>"), "{shown}");
        let hidden = html(&words(), look("ready"));
        for name in ["more", "details", "copy"] {
            let is_hidden = |html| part(html, name).contains("hidden");
            assert!(!is_hidden(&shown) && is_hidden(&hidden), "{name}");
        }
    }

    #[test]
    fn a_card_has_a_status_region_unless_its_page_has_one_for_it() {
        let spoken = Look { spoken: "Running low", ..look("ready") };
        let shown = html(&words(), spoken);
        assert!(shown.contains("<div class=\"spoken\" role=\"status\">Running low</div>"), "{shown}");
        let shown = html(&words(), Look { region: false, ..spoken });
        assert!(!shown.contains("role=\"status\""), "{shown}");
    }

    #[test]
    fn names_from_outside_are_text_and_never_markup() {
        let words = showing(vec![amount(Some("<img src=x>"), "1"), amount(Some("b"), "2")], words());
        let html = html(&words, look("ready"));
        assert!(html.contains("&lt;img src=x&gt;") && !html.contains("<img"), "{html}");
    }

    #[test]
    fn what_can_be_pressed_names_an_action_that_the_card_knows() {
        let html = html(&words(), look("error"));
        let mut named: Vec<_> =
            html.split(&format!("{ACTION}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect();
        named.sort_unstable();
        assert_eq!(named, [COPY, REFRESH, REFRESH, TOP_UP]);
    }

    /// The sequence of the tags, with everything inside the list left out.
    fn shape(html: &str) -> String {
        let (before, list) = html.split_once("class=\"list\"").unwrap();
        let (_, after) = list.split_once("part=\"message\"").unwrap();
        let tags = [before, after].concat();
        tags.split('<').filter_map(|tag| tag.split([' ', '>']).next()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_the_list_changes_its_structure_from_state_to_state() {
        let shown = showing(vec![amount(None, "1")], saying(&[(S::AsOf, "Now")]));
        let failed = saying(&[(S::Title, "No"), (S::Advice, "Wait.")]);
        let loading = shape(&html(&words(), look("loading")));
        assert_eq!(loading, shape(&html(&shown, look("ready"))));
        assert_eq!(loading, shape(&html(&failed, look("error"))));
    }
}
