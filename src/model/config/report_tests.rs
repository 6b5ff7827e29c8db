//! Every value that has no effect is reported, with what to write instead.

use super::Config;

/// The reports for these attributes.
fn reports(attributes: &[(&str, &str)]) -> Vec<String> {
    let read = |name: &str| attributes.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
    Config::read(read).1.into_iter().map(|one| one.problem).collect()
}

#[test]
fn a_value_without_effect_is_reported_with_its_remedy() {
    for (name, value, remedy) in [
        ("refresh-interval", "5", "using 10"),
        ("refresh-interval", "86401", "using 86400"),
        ("refresh-interval", "12.5", "using 300"),
        ("request-timeout", "0", "using 1"),
        ("request-timeout", "500", "using 120"),
        ("credit-limit", "-5", "above zero"),
        ("credit-limit", "0", "above zero"),
        ("credit-limit", "lots", "such as 200"),
        ("low-threshold", "-1", "above zero"),
        ("critical-threshold", "+5", "such as 200"),
        ("theme", " dark ", "auto, light, dark"),
        ("variant", "tiny", "card, compact, inline"),
        ("credentials", "all", "same-origin, include, omit"),
        ("top-up-url", "", "no-top-up"),
        ("headers", "{}", "element.headers"),
        ("messages", "{}", "element.messages"),
    ] {
        let reports = reports(&[(name, value)]);
        assert_eq!(reports.len(), 1, "{name}={value}: {reports:?}");
        assert!(reports[0].contains(name) && reports[0].contains(remedy), "{reports:?}");
    }
}

/// Frameworks write an attribute where they do not find the property.
#[test]
fn a_property_that_is_written_as_an_attribute_is_reported_with_what_to_write_in_each_framework() {
    for (name, value) in [("headers", "()=>({\"X-A\":\"1\"})"), ("messages", "[object Object]")] {
        let reports = reports(&[(name, value)]);
        assert_eq!(reports.len(), 1);
        for remedy in [format!(":{name}.prop"), format!("[{name}]"), "Svelte".to_owned()] {
            assert!(reports[0].contains(&remedy), "{reports:?}");
        }
    }
}

#[test]
fn thresholds_that_are_the_wrong_way_round_are_reported_and_equal_ones_are_not() {
    let reports_of = |low, critical| reports(&[("low-threshold", low), ("critical-threshold", critical)]);
    assert!(reports_of("50", "200.5")[0].contains("exchange"));
    assert_eq!(reports_of("200", "50"), [""; 0]);
    assert_eq!(reports_of("50", "50.0"), [""; 0]);
}

#[test]
fn a_value_that_has_its_effect_is_not_reported() {
    let attributes = [
        ("refresh-interval", "0"),
        ("request-timeout", " 120 "),
        ("low-threshold", " 200 "),
        ("critical-threshold", "0"),
        ("credit-limit", ""),
        ("theme", "DARK"),
        ("variant", "inline"),
        ("credentials", " Omit "),
        ("locale", "de_CH"),
        ("no-refresh", "false"),
        ("no-top-up", ""),
    ];
    assert_eq!(reports(&attributes), [""; 0]);
}

#[test]
fn false_is_as_good_as_no_attribute() {
    for (value, is_set) in [("false", false), (" FALSE\n", false), ("", true), ("true", true), ("0", true)] {
        let (config, _) = Config::read(|name| name.starts_with("no-").then(|| value.to_owned()));
        assert_eq!((config.top_up_url.is_none(), !config.refresh_button), (is_set, is_set), "{value:?}");
    }
}

#[test]
fn underscores_of_a_locale_are_hyphens() {
    let read = |tag: &str| Config::read(|name| (name == "locale").then(|| tag.to_owned())).0.locale;
    assert_eq!(read(" zh_Hant_TW ").as_deref(), Some("zh-Hant-TW"));
    assert_eq!(read("  "), None);
}
