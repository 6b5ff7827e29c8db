use super::*;
use crate::components::Action;
use crate::model::HistoryView;
use crate::model::Level;
use crate::model::chart::LineChart;
use crate::model::history_view::{HistoryDetails, Table, Trend};
use crate::model::view_model::{ActionLabels, AmountLine, Explanation, Meter};
use yew::LocalServerRenderer;

fn view() -> ViewModel {
    ViewModel {
        label: "Available credit".into(),
        state: StateName::Ready,
        level: Level::Ok,
        actions: ActionLabels {
            refresh: "Refresh".into(),
            retry: "Try again".into(),
            top_up: "Top up".into(),
            details: "Details".into(),
            copy: "Copy".into(),
        },
        ..ViewModel::default()
    }
}

fn in_state(state: StateName) -> ViewModel {
    ViewModel { state, ..view() }
}

fn failed() -> ViewModel {
    let message = Explanation { title: "You’re offline".into(), advice: "Wait.".into() };
    ViewModel { message: Some(message), ..in_state(StateName::Error) }
}

fn amount(name: Option<&str>, money: &str) -> AmountLine {
    AmountLine {
        name: name.map(str::to_owned),
        money: money.to_owned(),
        in_words: format!("{money} in words"),
        negative: money.starts_with('-'),
        level: None,
    }
}

fn showing(amounts: Vec<AmountLine>) -> ViewModel {
    ViewModel { amounts, ..view() }
}

fn props(view: ViewModel) -> Props {
    Props {
        view: Rc::new(view),
        language: "en".into(),
        can_request: true,
        refresh_button: true,
        top_up_url: Some("https://example.com/top-up".into()),
        id: "airalo-balance-1".into(),
        announcement: Some("".into()),
        root: NodeRef::default(),
    }
}

fn html_of(props: Props) -> String {
    let renderer = LocalServerRenderer::<Card>::with_props(props).hydratable(false);
    futures::executor::block_on(renderer.render())
}

fn html(view: ViewModel) -> String {
    html_of(props(view))
}

/// The opening tag of the first element with this attribute.
fn tag<'a>(html: &'a str, attribute: &str) -> &'a str {
    let at = html.find(attribute).unwrap_or_else(|| panic!("no {attribute} in {html}"));
    let start = html[..at].rfind('<').unwrap();
    &html[start..=start + html[start..].find('>').unwrap()]
}

fn part<'a>(html: &'a str, name: &str) -> &'a str {
    tag(html, &format!("part=\"{name}\""))
}

#[test]
fn a_balance_is_shown_as_money_and_read_out_in_words() {
    let html =
        html(ViewModel { as_of: Some("As of 10:42".into()), ..showing(vec![amount(None, "$225.35")]) });
    assert!(html.contains("<bdi aria-hidden=\"true\"><span>$225.35</span></bdi>"), "{html}");
    assert!(html.contains("<span class=\"spoken\"><span>$225.35 in words</span></span>"), "{html}");
    assert!(html.contains("As of 10:42"), "{html}");
    assert!(part(&html, "message").contains("hidden"), "{html}");
}

#[test]
fn a_meter_that_is_not_shown_has_a_width_all_the_same() {
    let html = html(view());
    assert!(tag(&html, "class=\"fill\"").contains("width=\"0%\""), "{html}");
    assert!(part(&html, "meter").contains("aria-valuenow=\"0\""), "{html}");
}

#[test]
fn the_card_follows_the_direction_of_its_texts() {
    let arabic = html_of(Props { language: "ar".into(), ..props(view()) });
    let base = part(&arabic, "base");
    assert!(base.contains("lang=\"ar\"") && base.contains("dir=\"rtl\""), "{base}");
    let english = html(view());
    let base = part(&english, "base");
    assert!(base.contains("lang=\"en\"") && base.contains("dir=\"ltr\""), "{base}");
}

#[test]
fn only_several_balances_are_a_list() {
    assert!(!html(showing(vec![amount(None, "1")])).contains("role=\"list"));
    let html = html(showing(vec![amount(Some("Main"), "1"), amount(Some("Europe"), "2")]));
    assert_eq!(html.matches("role=\"listitem\"").count(), 2);
    assert!(html.contains("role=\"list\""));
}

#[test]
fn an_error_offers_to_try_again_where_there_is_something_to_request() {
    let html = html(failed());
    assert!(!part(&html, "retry").contains("hidden"), "{html}");

    let html = html_of(Props { can_request: false, ..props(failed()) });
    let hidden = |name| part(&html, name).contains("hidden");
    assert!(hidden("retry") && hidden("refresh"), "{html}");
}

#[test]
fn an_old_balance_stays_on_the_card_and_says_so() {
    let outdated = Some("Not up to date".into());
    let html = html(ViewModel { outdated, ..showing(vec![amount(None, "$5.00")]) });
    assert!(html.contains("$5.00") && html.contains("Not up to date"));
    assert!(html.contains("class=\"card ready ok stale\""), "{html}");
}

#[test]
fn details_for_support_can_be_opened_and_copied() {
    let details = Explanation { title: "Not up to date".into(), advice: "Wait.".into() };
    let shown =
        html(ViewModel { details: Some(details), support: Some("code: network".to_owned()), ..view() });
    assert!(part(&shown, "more").contains("popovertarget=\"airalo-balance-1\""), "{shown}");
    assert!(part(&shown, "details").contains("id=\"airalo-balance-1\""), "{shown}");
    assert!(shown.contains("<span>code: network</span></pre>"), "{shown}");
    let hidden = html(view());
    for name in ["more", "details", "copy"] {
        let is_hidden = |html| part(html, name).contains("hidden");
        assert!(!is_hidden(&shown) && is_hidden(&hidden), "{name}");
    }
}

#[test]
fn a_card_has_a_live_region_unless_its_page_has_one_for_it() {
    let own = html_of(Props { announcement: Some("Running low".into()), ..props(view()) });
    assert!(own.contains("<div role=\"status\" class=\"spoken\"><span>Running low</span></div>"), "{own}");
    let none = html_of(Props { announcement: None, ..props(view()) });
    assert!(!none.contains("role=\"status\""), "{none}");
}

#[test]
fn names_from_outside_are_text_and_never_markup() {
    let html = html(showing(vec![amount(Some("<img src=x>"), "1"), amount(Some("b"), "2")]));
    assert!(html.contains("&lt;img src=x&gt;") && !html.contains("<img"), "{html}");
}

#[test]
fn every_action_in_the_markup_is_known() {
    let html = html(failed());
    let attribute = format!("{}=\"", Action::ATTRIBUTE);
    let mut names: Vec<_> =
        html.split(&attribute).skip(1).filter_map(|rest| rest.split('"').next()).collect();
    names.sort_unstable();
    assert_eq!(names, ["copy", "history", "refresh", "refresh", "top-up"]);
    assert!(names.iter().all(|name| Action::from_name(name).is_some_and(|action| action.as_str() == *name)));
}

fn history() -> HistoryView {
    let chart = LineChart { line: "M0 0L9 9".into(), area: "M0 0Z".into(), credits: "M1 1h0".into() };
    let table = |caption: &'static str| Table {
        caption: caption.into(),
        head: ["Date".into(), "Amount".into()],
        rows: vec![["Nov 21".to_owned(), "$9".to_owned()], ["Nov 20".to_owned(), "$8".to_owned()]],
    };
    HistoryView {
        forecast: Some("About 9 days left (6–14)".to_owned()),
        trend: Some(Rc::new(Trend { text: "30 days: from $420 to $225".to_owned(), chart })),
        details: Some(Rc::new(HistoryDetails {
            title: "History · 30 days".to_owned(),
            facts: vec!["$25 a day on average".to_owned()],
            bars: "M1 1v-1h1v1Z".into(),
            days: table("Spent per day"),
            credits: table("Top-ups and refunds"),
        })),
    }
}

#[test]
fn the_trend_is_a_button_that_says_what_its_line_shows() {
    let html = html(ViewModel { history: history(), ..showing(vec![amount(None, "$225.35")]) });
    let trend = part(&html, "trend");
    assert!(trend.contains("aria-label=\"30 days: from $420 to $225\""), "{trend}");
    assert!(trend.contains("popovertarget=\"airalo-balance-1-history\""), "{trend}");
    assert!(part(&html, "history").contains("id=\"airalo-balance-1-history\""), "{html}");
    assert!(!tag(&html, "class=\"beside\"").contains("hidden"), "{html}");
    assert!(tag(&html, "class=\"line\"").contains("d=\"M0 0L9 9\""), "{html}");
    assert!(
        !part(&html, "forecast").contains("hidden") && html.contains("About 9 days left (6–14)"),
        "{html}"
    );
}

#[test]
fn without_a_history_nothing_of_it_is_shown() {
    let html = html(showing(vec![amount(None, "$225.35")]));
    assert!(tag(&html, "class=\"beside\"").contains("hidden"), "{html}");
    assert!(part(&html, "forecast").contains("hidden"), "{html}");
    assert!(!html.contains("<table"), "{html}");
}

#[test]
fn the_history_is_a_table_whose_heads_belong_to_columns_and_rows() {
    let html = html(ViewModel { history: history(), ..showing(vec![amount(None, "$225.35")]) });
    assert_eq!(html.matches("<caption>").count(), 2);
    assert_eq!(html.matches("scope=\"col\"").count(), 4);
    assert_eq!(html.matches("scope=\"row\"").count(), 4);
    assert!(
        tag(&html, "aria-label=\"Spent per day\"").contains("tabindex=\"0\""),
        "it scrolls by keys: {html}"
    );
}

/// Every line of the card with its text at once.
fn full() -> ViewModel {
    let problem = || Explanation { title: "You’re offline".into(), advice: "Wait.".into() };
    ViewModel {
        message: Some(problem()),
        as_of: Some("As of 10:42".into()),
        age: Some("now".to_owned()),
        meter: Some(Meter {
            percent: 1,
            value_text: "$2.00 of $200.00".to_owned(),
            limit: "of $200.00".to_owned(),
        }),
        alert: Some("Running low".into()),
        outdated: Some("Not up to date".into()),
        next_try: Some("Trying again shortly".into()),
        details: Some(problem()),
        support: Some("code: network".to_owned()),
        history: history(),
        ..showing(vec![amount(Some("Main"), "$2.00"), amount(Some("EUR"), "€3.00")])
    }
}

#[test]
fn every_text_stands_alone_in_an_element_that_has_nothing_else_to_it() {
    let html = html(full());
    let mut texts = 0;
    for (before, rest) in html.match_indices('>').map(|(at, _)| html.split_at(at + 1)) {
        let Some(end) = rest.find('<').filter(|end| *end > 0) else { continue };
        texts += 1;
        let around = (before.ends_with("<span>"), rest[end..].starts_with("</span></"));
        assert_eq!(around, (true, true), "{}", &rest[..end]);
    }
    assert!(texts > 20, "{texts} in {html}");
}

#[test]
fn translators_leave_amounts_and_codes_as_they_are() {
    let html = html(full());
    for attribute in ["part=\"amount\"", "part=\"name\"", "class=\"of\"", "class=\"support\""] {
        assert!(tag(&html, attribute).contains("translate=\"no\""), "{attribute} in {html}");
    }
    for attribute in ["class=\"as-of\"", "class=\"age\"", "part=\"alert\"", "part=\"label\""] {
        assert!(!tag(&html, attribute).contains("translate"), "{attribute} in {html}");
    }
}

/// The sequence of the tags outside the list.
fn shape(html: &str) -> String {
    let (before, list) = html.split_once("part=\"list\"").unwrap();
    let (_, after) = list.split_once("part=\"message\"").unwrap();
    let tags = [before, after].concat();
    tags.split('<').filter_map(|tag| tag.split([' ', '>']).next()).collect::<Vec<_>>().join(" ")
}

#[test]
fn only_the_list_changes_its_structure_from_state_to_state() {
    let ready = ViewModel { as_of: Some("Now".into()), ..showing(vec![amount(None, "1")]) };
    let loading = shape(&html(in_state(StateName::Loading)));
    assert_eq!(loading, shape(&html(ready)));
    assert_eq!(loading, shape(&html(failed())));
}

#[test]
fn a_card_of_one_line_is_named_by_its_summary() {
    let summary = "Available credit · Running low".to_owned();
    let html = html(ViewModel { summary: Some(summary), ..view() });
    let base = part(&html, "base");
    assert!(base.contains(r#"aria-label="Available credit · Running low""#), "{base}");
    assert!(base.contains(r#"title="Available credit · Running low""#), "{base}");
    assert!(!part(&self::html(view()), "base").contains("title="));
}
