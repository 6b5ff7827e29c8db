use super::*;
use std::collections::HashSet;
use std::path::Path;
use yew::props;

/// All attributes of the element, as its class lists them.
fn attributes() -> HashSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/element/attributes.js");
    let class = std::fs::read_to_string(path).unwrap();
    let defaults = class.split_once("const DEFAULTS = {").unwrap().1.split_once("};").unwrap().0;
    let names = defaults.lines().filter_map(|line| line.split_once(':'));
    names.map(|(name, _)| name.trim().trim_matches('"').to_owned()).collect()
}

/// Where the class finds its own files. A program has them all in itself.
const OF_THE_CLASS_ALONE: [&str; 1] = ["asset-base"];

#[test]
fn every_attribute_of_the_element_is_a_prop() {
    let props = props!(BalanceCardProps {
        proxy_url: "/b",
        low_threshold: "200",
        critical_threshold: "50",
        history_url: "/h",
        no_trend: true,
        credit_limit: "500",
        top_up_url: "/top-up",
        label: "Credit",
        locale: "en",
        theme: Theme::Dark,
        variant: Variant::Inline,
        no_top_up: true,
        no_refresh: true,
    });
    let attributes = attributes();
    assert!(attributes.contains("proxy-url"));
    for name in attributes.iter().filter(|name| !OF_THE_CLASS_ALONE.contains(&name.as_str())) {
        assert!(props.attribute(name).is_some(), "{name} is no prop");
    }
}

#[test]
fn a_component_with_nothing_but_its_url_is_set_as_an_element_with_nothing_but_its_url() {
    let (config, invalid) = props!(BalanceCardProps { proxy_url: "/api/balance" }).read();
    let element = Config::read(|name| (name == "proxy-url").then(|| "/api/balance".to_owned()));
    assert_eq!((config, invalid), element);
}

#[test]
fn a_prop_has_the_limits_and_the_warning_of_its_attribute() {
    let (config, invalid) = props!(BalanceCardProps {
        proxy_url: "/b",
        refresh_interval: 5_u32,
        low_threshold: "lots",
        credentials: Credentials::Include,
        loading: Loading::Lazy,
        variant: Variant::Inline,
    })
    .read();
    assert_eq!((config.refresh_interval, config.low_threshold), (Some(10_000), None));
    assert_eq!(
        (config.credentials, config.loading, config.inline),
        (Credentials::Include, Loading::Lazy, true)
    );
    assert_eq!(
        invalid.iter().map(|one| one.attribute).collect::<Vec<_>>(),
        ["refresh-interval", "low-threshold"]
    );
}
