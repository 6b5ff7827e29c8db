//! The markup of the card.
//!
//! Every part is always there, and empty or hidden where it has nothing to say: the skeleton
//! is as tall as the content, and yew (0.23.0) loses its place when siblings come and go.

use super::template::{El, Part, Value, Words, el, element, fill, fixed, flag, owned, said, text};
use crate::model::Amount;
use crate::model::wording::{Line, Slot, Wording};
use std::borrow::Cow;
use yew::prelude::*;

/// What the card needs besides its words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Look {
    /// `loading`, `ready`, `empty` or `error`.
    pub(crate) state: &'static str,
    /// The language of the words.
    pub(crate) language: AttrValue,
    /// `ok`, `low` or `critical`.
    pub(crate) level: &'static str,
    /// Whether there is a URL that could be asked again.
    pub(crate) can_ask: bool,
    /// Whether there is a button to refresh.
    pub(crate) refresh_button: bool,
    /// Where the top-up link leads, if there is one.
    pub(crate) top_up_url: Option<AttrValue>,
    /// An id that nothing else in the document has.
    pub(crate) id: AttrValue,
    /// Whether the card has a status region of its own.
    pub(crate) region: bool,
    /// What is in that region.
    pub(crate) spoken: Cow<'static, str>,
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
#[derive(Clone, Copy)]
enum Place {
    Said(Slot),
    Class,
    Language,
    Direction,
    Busy,
    Loading,
    Settled,
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

use Part::{Each, Keyed, Text};
use Place::{self as P, Said};
use Slot as S;
use Value::{Is, Of, Unless};

/// How a line is drawn: as the text around it is.
const INK: Value<Place> = Is("currentColor");

const REFRESH_BUTTON: El<Place> = element!(button
    "type" Is("button"), "part" Is("refresh"), "class" Is("refresh"), "hidden" Unless(P::CanRefresh),
    "aria-label" Of(Said(S::Refresh)), "title" Of(Said(S::Refresh)), "data-action" Is(REFRESH);
    el!(svg "viewBox" Is("0 0 20 20"), "width" Is("16"), "height" Is("16"), "aria-hidden" Is("true");
        el!(path "d" Is("M16.5 10a6.5 6.5 0 1 1-1.9-4.6M16.5 2.5v4h-4"), "fill" Is("none"), "stroke" INK,
            "stroke-width" Is("1.75"), "stroke-linecap" Is("round"), "stroke-linejoin" Is("round");)));

const WARNING_SIGN: El<Place> = element!(svg
    "viewBox" Is("0 0 20 20"), "width" Is("16"), "height" Is("16"), "aria-hidden" Is("true");
    el!(path "d" Is("M10 3.2 18 17H2ZM10 8.4v4M10 14.6v.1"), "fill" Is("none"), "stroke" INK,
        "stroke-width" Is("1.75"), "stroke-linecap" Is("round"), "stroke-linejoin" Is("round");));

/// The shown amount is hidden from screen readers, which get it in full words instead: some of
/// them read "-$5" as "dollar five".
///
/// Another amount is another element: where numbers end at a common edge, its first digit stands
/// somewhere else, and browsers would count that as a movement.
const LINE: El<Place> = element!(div "part" Is("item"), "class" Of(P::ItemClass), "role" Of(P::ItemRole);
    el!(span "part" Is("name"), "class" Is("name"), "hidden" Unless(P::Name); el!(bdi ; Text(P::Name))),
    el!(span "part" Is("amount"), "class" Is("amount");
        Keyed(element!(bdi "aria-hidden" Is("true");), P::Money),
        el!(span "class" Is("spoken"); Text(P::InWords))));

/// A single balance is a number below its label, several are a list.
const BODY: El<Place> = element!(div "class" Is("body");
    el!(div "part" Is("list"), "class" Is("list"), "role" Of(P::List);
        el!(div "class" Is("item"), "hidden" Unless(P::Loading);
            el!(span "class" Is("amount"); el!(span "class" Is("bone");))),
        Each(LINE)),
    el!(div "part" Is("message"), "class" Is("message"), "hidden" Unless(Said(S::Title));
        el!(strong "class" Is("title"); Text(Said(S::Title))),
        el!(span "class" Is("advice"); Text(Said(S::Advice)))),
    el!(div "part" Is("status"), "class" Is("status"), "hidden" Unless(P::Dated);
        el!(span "class" Is("as-of"), "hidden" Unless(P::Settled); Text(Said(S::AsOf))),
        el!(span "class" Is("age"), "hidden" Unless(Said(S::Age)); Text(Said(S::Age))),
        el!(span "class" Is("as-of"), "hidden" Unless(P::Loading); el!(span "class" Is("bone");))));

/// Its width is an SVG attribute and not a style: a strict policy lets no style of an element pass.
const LIMIT: El<Place> = element!(div "class" Is("limit"), "hidden" Unless(P::Meter);
    el!(div "part" Is("meter"), "class" Is("meter"), "role" Is("meter"), "aria-label" Of(Said(S::Label)),
        "aria-valuemin" Is("0"), "aria-valuemax" Is("100"), "aria-valuenow" Of(P::Percent), "aria-valuetext" Of(P::MeterText);
        el!(svg "width" Is("100%"), "height" Is("6"), "aria-hidden" Is("true");
            el!(rect "class" Is("track"), "width" Is("100%"), "height" Is("6"), "rx" Is("3");),
            el!(rect "class" Is("fill"), "width" Of(P::Width), "height" Is("6"), "rx" Is("3");))),
    el!(span "class" Is("of"); Text(Said(S::OfLimit))));

/// What is the matter, in the space that is kept for it: the card is as tall with it as without.
const NOTICE: El<Place> = element!(div "class" Is("notice");
    el!(div "part" Is("alert"), "class" Is("alert"), "hidden" Unless(Said(S::Alert));
        Part::El(WARNING_SIGN),
        el!(span ; Text(Said(S::Alert)))),
    el!(span "class" Is("missed"), "hidden" Unless(Said(S::Missed)); Text(Said(S::Missed))),
    el!(button "type" Is("button"), "part" Is("more"), "class" Is("more"), "hidden" Unless(Said(S::Matter)),
        "popovertarget" Of(P::Id); Text(Said(S::Details))),
    el!(span "class" Is("next-try"), "hidden" Unless(Said(S::NextTry)); Text(Said(S::NextTry))));

const ACTIONS: El<Place> = element!(div "part" Is("actions"), "class" Is("actions");
    el!(slot "name" Is("actions");),
    el!(a "part" Is("top-up"), "class" Is("button top-up"), "hidden" Unless(P::TopUpUrl), "href" Of(P::TopUpUrl),
        "target" Is("_blank"), "rel" Is("noopener noreferrer"), "data-action" Is(TOP_UP); Text(Said(S::TopUp))),
    el!(button "type" Is("button"), "part" Is("retry"), "class" Is("button"), "hidden" Unless(P::CanRetry),
        "data-action" Is(REFRESH); Text(Said(S::Retry))));

/// The whole of what is the matter, wherever there is no room for it on the card. The browser
/// opens and closes it.
const DETAILS: El<Place> = element!(div "part" Is("details"), "class" Is("details"), "popover" Is("auto"), "id" Of(P::Id),
    "hidden" Unless(Said(S::Matter));
    el!(strong "class" Is("title"); Text(Said(S::Matter))),
    el!(span "class" Is("advice"); Text(Said(S::MatterAdvice))),
    el!(span "class" Is("next-try"), "hidden" Unless(Said(S::NextTry)); Text(Said(S::NextTry))),
    el!(pre "class" Is("support"), "dir" Is("ltr"), "hidden" Unless(Said(S::Support)); Text(Said(S::Support))),
    el!(button "type" Is("button"), "part" Is("copy"), "class" Is("button"), "hidden" Unless(Said(S::Support)),
        "data-action" Is(COPY); Text(Said(S::Copy))));

const CARD: El<Place> = element!(section
    "part" Is("base"), "class" Of(P::Class), "lang" Of(P::Language), "dir" Of(P::Direction), "aria-label" Of(Said(S::Label)),
    "aria-busy" Of(P::Busy);
    el!(div "part" Is("header"), "class" Is("header");
        el!(slot "name" Is("label"); el!(span "part" Is("label"), "class" Is("label"); Text(Said(S::Label)))),
        Part::El(REFRESH_BUTTON)),
    Part::El(BODY),
    Part::El(LIMIT),
    el!(div "class" Is("foot"); Part::El(NOTICE), Part::El(ACTIONS)),
    el!(slot "name" Is("footer");),
    Part::El(DETAILS),
    el!(div "class" Is("spoken"), "role" Of(P::Region); Text(P::Spoken)));

pub(crate) fn card(words: &Wording, look: &Look, base: NodeRef) -> Html {
    let mut tag = fill(&CARD, &Speaker { words, look, line: None });
    tag.node_ref = base;
    tag.into()
}

/// What the card, or one line of it, has to say.
struct Speaker<'a> {
    words: &'a Wording,
    look: &'a Look,
    line: Option<&'a Line>,
}

/// An amount with more letters than this would not fit into a line of an ordinary card.
const LONG: usize = 13;

impl Words<Place> for Speaker<'_> {
    fn lines(&self) -> Vec<Box<dyn Words<Place> + '_>> {
        let said = |line| Box::new(Speaker { line: Some(line), ..*self }) as Box<dyn Words<Place>>;
        self.words.lines.iter().map(said).collect()
    }

    fn word(&self, place: Place) -> Option<AttrValue> {
        let (words, look) = (self.words, self.look);
        let loading = look.state == "loading";
        let several = words.lines.len() > 1;
        let percent = || Amount::whole(words.percent.unwrap_or_default().into()).to_decimal();
        match place {
            Said(slot) => said(words.text(slot)?),
            P::Class => {
                let stale = if words.text(S::Missed).is_some() { " stale" } else { "" };
                let several = if several { " several" } else { "" };
                owned(["card ", look.state, " ", look.level, stale, several].concat())
            }
            P::Language => Some(look.language.clone()),
            // The card follows the direction of its words, whatever that of the page around it.
            P::Direction => fixed(if matches!(&*look.language, "ar" | "he") { "rtl" } else { "ltr" }),
            P::Busy => fixed(if loading { "true" } else { "false" }),
            P::Loading => flag(loading),
            P::Settled => flag(!loading),
            P::Dated => flag(loading || words.text(S::AsOf).is_some()),
            P::List => several.then_some(AttrValue::Static("list")),
            P::CanRefresh => flag(look.refresh_button && look.can_ask),
            P::Meter => flag(words.percent.is_some()),
            P::MeterText => owned([&*words.lines.first()?.money, " ", words.text(S::OfLimit)?].concat()),
            P::Percent => owned(percent()),
            P::Width => owned(percent() + "%"),
            P::Id => Some(look.id.clone()),
            P::CanRetry => flag(look.state == "error" && look.can_ask),
            P::TopUpUrl => look.top_up_url.clone(),
            P::Region => look.region.then_some(AttrValue::Static("status")),
            P::Spoken => look.region.then(|| said(&look.spoken)).flatten(),
            P::ItemClass => {
                let line = self.line?;
                let negative = if line.negative { " negative" } else { "" };
                let long = if line.money.chars().count() > LONG { " long" } else { "" };
                owned(["item", negative, long].concat())
            }
            P::ItemRole => several.then_some(AttrValue::Static("listitem")),
            P::Name => text(self.line?.name.as_ref()?),
            P::Money => text(&self.line?.money),
            P::InWords => text(&self.line?.in_words),
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use yew::LocalServerRenderer;

    #[derive(PartialEq, Properties)]
    struct Props {
        words: Wording,
        look: Look,
    }

    #[component]
    fn Page(props: &Props) -> Html {
        card(&props.words, &props.look, NodeRef::default())
    }

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

    fn look(state: &'static str) -> Look {
        Look {
            state,
            language: "en".into(),
            level: "ok",
            can_ask: true,
            refresh_button: true,
            top_up_url: Some("https://example.com/top-up".into()),
            id: "airalo-balance-1".into(),
            region: true,
            spoken: "".into(),
        }
    }

    async fn html(words: Wording, look: Look) -> String {
        LocalServerRenderer::<Page>::with_props(Props { words, look }).hydratable(false).render().await
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

    #[tokio::test]
    async fn a_balance_is_shown_as_money_and_read_out_in_words() {
        let words = showing(vec![amount(None, "$225.35")], saying(&[(S::AsOf, "As of 10:42")]));
        let html = html(words, look("ready")).await;
        assert!(html.contains("<bdi aria-hidden=\"true\">$225.35</bdi>"), "{html}");
        assert!(html.contains("<span class=\"spoken\">$225.35 in words</span>"), "{html}");
        assert!(html.contains("As of 10:42"), "{html}");
        assert!(tag(&html, "message").contains("hidden"), "{html}");
    }

    #[tokio::test]
    async fn a_meter_that_is_not_shown_has_a_width_all_the_same() {
        let html = html(words(), look("ready")).await;
        assert!(tag(&html, "fill").contains("width=\"0%\""), "{html}");
        assert!(part(&html, "meter").contains("aria-valuenow=\"0\""), "{html}");
    }

    #[tokio::test]
    async fn the_card_follows_the_direction_of_its_words() {
        let shown = html(words(), Look { language: "ar".into(), ..look("loading") }).await;
        assert!(tag(&shown, "card loading ok").contains("lang=\"ar\" dir=\"rtl\""), "{shown}");
        let shown = html(words(), look("loading")).await;
        assert!(tag(&shown, "card loading ok").contains("lang=\"en\" dir=\"ltr\""), "{shown}");
    }

    #[tokio::test]
    async fn only_several_balances_are_a_list() {
        let one = showing(vec![amount(None, "1")], words());
        assert!(!html(one, look("ready")).await.contains("role=\"list"));
        let two = showing(vec![amount(Some("Main"), "1"), amount(Some("Europe"), "2")], words());
        let html = html(two, look("ready")).await;
        assert_eq!(html.matches("role=\"listitem\"").count(), 2);
        assert!(html.contains("role=\"list\""));
    }

    #[tokio::test]
    async fn an_error_offers_to_try_again_where_there_is_something_to_try() {
        let failed = saying(&[(S::Title, "You’re offline"), (S::Advice, "Wait.")]);
        let shown = html(failed.clone(), look("error")).await;
        assert!(!part(&shown, "retry").contains("hidden"), "{shown}");

        let nothing_to_ask = Look { can_ask: false, ..look("error") };
        let shown = html(failed, nothing_to_ask).await;
        assert!(
            part(&shown, "retry").contains("hidden") && part(&shown, "refresh").contains("hidden"),
            "{shown}"
        );
    }

    #[tokio::test]
    async fn an_old_balance_stays_on_the_card_and_says_so() {
        let old = saying(&[(S::Missed, "Not up to date")]);
        let words = showing(vec![amount(None, "$5.00")], old);
        let html = html(words, look("ready")).await;
        assert!(html.contains("$5.00") && html.contains("Not up to date"));
        assert!(html.contains("class=\"card ready ok stale\""), "{html}");
    }

    #[tokio::test]
    async fn a_detail_for_support_can_be_opened_and_copied() {
        let old = saying(&[(S::Matter, "Not up to date"), (S::Support, "code: network")]);
        let shown = html(old, look("ready")).await;
        assert!(part(&shown, "more").contains("popovertarget=\"airalo-balance-1\""), "{shown}");
        assert!(part(&shown, "details").contains("id=\"airalo-balance-1\""), "{shown}");
        assert!(shown.contains("code: network</pre>"), "{shown}");
        let hidden = html(words(), look("ready")).await;
        for name in ["more", "details", "copy"] {
            let is_hidden = |html| part(html, name).contains("hidden");
            assert!(!is_hidden(&shown) && is_hidden(&hidden), "{name}");
        }
    }

    #[tokio::test]
    async fn a_card_has_a_status_region_unless_its_page_has_one_for_it() {
        let spoken = Look { spoken: "Running low".into(), ..look("ready") };
        let shown = html(words(), spoken.clone()).await;
        assert!(shown.contains("<div class=\"spoken\" role=\"status\">Running low</div>"), "{shown}");
        let shown = html(words(), Look { region: false, ..spoken }).await;
        assert!(!shown.contains("role=\"status\""), "{shown}");
    }

    #[tokio::test]
    async fn names_from_outside_are_text_and_never_markup() {
        let words = showing(vec![amount(Some("<img src=x>"), "1"), amount(Some("b"), "2")], words());
        let html = html(words, look("ready")).await;
        assert!(html.contains("&lt;img src=x&gt;") && !html.contains("<img"), "{html}");
    }

    /// The sequence of the tags, with everything inside the list left out.
    fn shape(html: &str) -> String {
        let (before, list) = html.split_once("class=\"list\"").unwrap();
        let (_, after) = list.split_once("part=\"message\"").unwrap();
        let tags = [before, after].concat();
        tags.split('<').filter_map(|tag| tag.split([' ', '>']).next()).collect::<Vec<_>>().join(" ")
    }

    #[tokio::test]
    async fn only_the_list_changes_its_structure_from_state_to_state() {
        let shown = showing(vec![amount(None, "1")], saying(&[(S::AsOf, "Now")]));
        let failed = saying(&[(S::Title, "No"), (S::Advice, "Wait.")]);
        let loading = shape(&html(words(), look("loading")).await);
        assert_eq!(loading, shape(&html(shown, look("ready")).await));
        assert_eq!(loading, shape(&html(failed, look("error")).await));
    }
}
