//! The markup of the card.
//!
//! Every part is always there, and empty or hidden where it has nothing to say: the skeleton
//! is as tall as the content, and yew (0.23.0) loses its place when siblings come and go.

use crate::model::wording::{Line, Message, Wording};
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

pub(crate) fn card(words: &Wording, look: &Look, base: NodeRef) -> Html {
    let loading = look.state == "loading";
    let class = classes!(
        "card",
        look.state,
        look.level,
        words.missed.is_some().then_some("stale"),
        (words.lines.len() > 1).then_some("several"),
    );
    let label = AttrValue::from(words.label.clone());
    html! {
        <section ref={base} part="base" {class} lang={look.language.clone()} dir={direction(&look.language)} aria-label={label.clone()} aria-busy={truth(loading)}>
            <div part="header" class="header">
                <slot name="label"><span part="label" class="label">{ label }</span></slot>
                { refresh_button(words, look) }
            </div>
            <div class="body">
                { list(words, loading) }
                <div part="message" class="message" hidden={words.message.is_none()}>
                    <strong class="title">{ title(words.message.as_ref()) }</strong>
                    <span class="advice">{ advice(words.message.as_ref()) }</span>
                </div>
                { status(words, loading) }
            </div>
            { meter(words) }
            <div class="foot">
                { notice(words, look) }
                { actions(words, look) }
            </div>
            <slot name="footer"></slot>
            { details(words, look) }
            if look.region {
                <div class="spoken" role="status">{ look.spoken.clone() }</div>
            }
        </section>
    }
}

fn refresh_button(words: &Wording, look: &Look) -> Html {
    html! {
        <button type="button" part="refresh" class="refresh" hidden={!(look.refresh_button && look.can_ask)}
            aria-label={words.refresh.clone()} title={words.refresh.clone()}
            data-action={REFRESH}
        >
            <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
                <path d="M16.5 10a6.5 6.5 0 1 1-1.9-4.6M16.5 2.5v4h-4" fill="none" stroke="currentColor"
                    stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" />
            </svg>
        </button>
    }
}

/// An amount with more letters than this would not fit into a line of an ordinary card.
const LONG: usize = 13;

/// A single balance is a number below its label, several are a list.
fn list(words: &Wording, loading: bool) -> Html {
    let role = (words.lines.len() > 1).then_some("list");
    html! {
        <div part="list" class="list" {role}>
            <div key="loading" class="item" hidden={!loading}><span class="amount"><span class="bone"></span></span></div>
            { for words.lines.iter().enumerate().map(|(at, one)| line(at, one, role.map(|_| "listitem"))) }
        </div>
    }
}

/// The shown amount is hidden from screen readers, which get it in full words instead:
/// some of them read "-$5" as "dollar five".
///
/// Another amount is another element: where numbers end at a common edge, its first digit stands
/// somewhere else, and browsers would count that as a movement.
fn line(at: usize, line: &Line, role: Option<&'static str>) -> Html {
    let long = line.money.chars().count() > LONG;
    let class = classes!("item", line.negative.then_some("negative"), long.then_some("long"));
    html! {
        <div key={at} part="item" {class} {role}>
            <span part="name" class="name" hidden={line.name.is_none()}>
                <bdi>{ line.name.clone().unwrap_or_default() }</bdi>
            </span>
            <span part="amount" class="amount">
                <bdi aria-hidden="true" key={line.money.as_str()}>{ &line.money }</bdi>
                <span class="spoken">{ &line.in_words }</span>
            </span>
        </div>
    }
}

/// From when the balance is, and how old.
fn status(words: &Wording, loading: bool) -> Html {
    html! {
        <div part="status" class="status" hidden={!loading && words.as_of.is_none()}>
            <span class="as-of" hidden={loading}>{ words.as_of.clone().unwrap_or_default() }</span>
            <span class="age" hidden={words.age.is_none()}>{ words.age.clone().unwrap_or_default() }</span>
            <span class="as-of" hidden={!loading}><span class="bone"></span></span>
        </div>
    }
}

/// What is the matter, in the space that is kept for it: the card is as tall with it as without.
fn notice(words: &Wording, look: &Look) -> Html {
    let explains = words.message.is_some() || words.missed.is_some();
    html! {
        <div class="notice">
            <div part="alert" class="alert" hidden={words.alert.is_none()}>
                { warning_sign() }
                <span>{ words.alert.clone().unwrap_or_default() }</span>
            </div>
            <span class="missed" hidden={words.missed.is_none()}>{ title(words.missed.as_ref()) }</span>
            <button type="button" part="more" class="more" hidden={!explains} popovertarget={look.id.clone()}>
                { words.details.clone() }
            </button>
            <span class="next-try" hidden={words.next_try.is_none()}>{ words.next_try.clone().unwrap_or_default() }</span>
        </div>
    }
}

/// The whole of what is the matter, wherever there is no room for it on the card. The browser
/// opens and closes it.
fn details(words: &Wording, look: &Look) -> Html {
    let message = words.message.as_ref().or(words.missed.as_ref());
    html! {
        <div part="details" class="details" popover="auto" id={look.id.clone()} hidden={message.is_none()}>
            <strong class="title">{ title(message) }</strong>
            <span class="advice">{ advice(message) }</span>
            <span class="next-try" hidden={words.next_try.is_none()}>{ words.next_try.clone().unwrap_or_default() }</span>
            <pre class="support" dir="ltr" hidden={words.support.is_none()}>{ words.support.clone().unwrap_or_default() }</pre>
            <button type="button" part="copy" class="button" hidden={words.support.is_none()} data-action={COPY}>
                { words.copy.clone() }
            </button>
        </div>
    }
}

/// An SVG attribute and not a style: a strict policy lets no style of an element pass.
fn meter(words: &Wording) -> Html {
    let percent = words.meter.as_ref().map_or(0, |meter| meter.percent);
    let of = words.meter.as_ref().map_or("", |meter| &meter.of);
    let spoken = words.lines.first().map(|line| [&line.money, " ", of].concat());
    html! {
        <div class="limit" hidden={words.meter.is_none()}>
            <div part="meter" class="meter" role="meter" aria-label={words.label.clone()} aria-valuemin="0" aria-valuemax="100"
                aria-valuenow={percent.to_string()} aria-valuetext={spoken}
            >
                <svg width="100%" height="6" aria-hidden="true">
                    <rect class="track" width="100%" height="6" rx="3" />
                    <rect class="fill" width={[&percent.to_string(), "%"].concat()} height="6" rx="3" />
                </svg>
            </div>
            <span class="of">{ of.to_owned() }</span>
        </div>
    }
}

fn warning_sign() -> Html {
    html! {
        <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
            <path d="M10 3.2 18 17H2ZM10 8.4v4M10 14.6v.1" fill="none" stroke="currentColor"
                stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}

fn actions(words: &Wording, look: &Look) -> Html {
    let can_retry = look.state == "error" && look.can_ask;
    html! {
        <div part="actions" class="actions">
            <slot name="actions"></slot>
            <a part="top-up" class="button top-up" hidden={look.top_up_url.is_none()} href={look.top_up_url.clone()}
                target="_blank" rel="noopener noreferrer" data-action={TOP_UP}
            >
                { words.top_up.clone() }
            </a>
            <button type="button" part="retry" class="button" hidden={!can_retry} data-action={REFRESH}>
                { words.retry.clone() }
            </button>
        </div>
    }
}

fn title(message: Option<&Message>) -> Cow<'static, str> {
    message.map(|message| message.title.clone()).unwrap_or_default()
}

fn advice(message: Option<&Message>) -> Cow<'static, str> {
    message.map(|message| message.advice.clone()).unwrap_or_default()
}

/// The card follows the direction of its words, whatever that of the page around it.
fn direction(language: &str) -> &'static str {
    if matches!(language, "ar" | "he") { "rtl" } else { "ltr" }
}

const fn truth(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
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
        Wording {
            label: "Available credit".into(),
            lines: Vec::new(),
            meter: None,
            alert: None,
            message: None,
            as_of: None,
            age: None,
            missed: None,
            support: None,
            next_try: None,
            concern: None,
            refresh: "Refresh".into(),
            retry: "Try again".into(),
            top_up: "Top up".into(),
            details: "Details".into(),
            copy: "Copy".into(),
        }
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
        let words = Wording {
            lines: vec![amount(None, "$225.35")],
            as_of: Some("As of 10:42".to_owned()),
            ..words()
        };
        let html = html(words, look("ready")).await;
        assert!(html.contains("<bdi aria-hidden=\"true\">$225.35</bdi>"), "{html}");
        assert!(html.contains("<span class=\"spoken\">$225.35 in words</span>"), "{html}");
        assert!(html.contains("As of 10:42"), "{html}");
        assert!(tag(&html, "message").contains("hidden"), "{html}");
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
        let one = Wording { lines: vec![amount(None, "1")], ..words() };
        assert!(!html(one, look("ready")).await.contains("role=\"list"));
        let two = Wording { lines: vec![amount(Some("Main"), "1"), amount(Some("Europe"), "2")], ..words() };
        let html = html(two, look("ready")).await;
        assert_eq!(html.matches("role=\"listitem\"").count(), 2);
        assert!(html.contains("role=\"list\""));
    }

    #[tokio::test]
    async fn an_error_offers_to_try_again_where_there_is_something_to_try() {
        let message = Some(Message { title: "You’re offline".into(), advice: "Wait.".into() });
        let failed = Wording { message, ..words() };
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
        let missed = Some(Message { title: "Not up to date".into(), advice: "Later.".into() });
        let words = Wording { lines: vec![amount(None, "$5.00")], missed, ..words() };
        let html = html(words, look("ready")).await;
        assert!(html.contains("$5.00") && html.contains("Not up to date"));
        assert!(html.contains("class=\"card ready ok stale\""), "{html}");
    }

    #[tokio::test]
    async fn a_detail_for_support_can_be_opened_and_copied() {
        let missed = Some(Message { title: "Not up to date".into(), advice: "Later.".into() });
        let support = Some("code: network".to_owned());
        let shown = html(Wording { missed, support, ..words() }, look("ready")).await;
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
        assert!(shown.contains("<div role=\"status\" class=\"spoken\">Running low</div>"), "{shown}");
        let shown = html(words(), Look { region: false, ..spoken }).await;
        assert!(!shown.contains("role=\"status\""), "{shown}");
    }

    #[tokio::test]
    async fn names_from_outside_are_text_and_never_markup() {
        let words =
            Wording { lines: vec![amount(Some("<img src=x>"), "1"), amount(Some("b"), "2")], ..words() };
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
        let shown = Wording { lines: vec![amount(None, "1")], as_of: Some("Now".to_owned()), ..words() };
        let failed =
            Wording { message: Some(Message { title: "No".into(), advice: "Wait.".into() }), ..words() };
        let loading = shape(&html(words(), look("loading")).await);
        assert_eq!(loading, shape(&html(shown, look("ready")).await));
        assert_eq!(loading, shape(&html(failed, look("error")).await));
    }
}
