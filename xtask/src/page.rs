//! Reads what a served page and its scripts name, as far as the demo's own check needs it.
//!
//! This is no HTML parser: it looks for tags and their attributes in a page that we wrote
//! ourselves, and for the few forms in which our scripts name another file.

/// The value of an attribute of the first such element, outside comments.
pub(crate) fn attribute(html: &str, element: &str, name: &str) -> Option<String> {
    tags(&without_comments(html)).find(|tag| tag.name.eq_ignore_ascii_case(element))?.attribute(name)
}

/// The files of its own that a page asks the browser to load.
pub(crate) fn files_of_page(html: &str) -> Vec<String> {
    let html = without_comments(html);
    let named = tags(&html).filter_map(|tag| match tag.name {
        "script" | "img" => tag.attribute("src"),
        // Trunk leaves its own instructions in the page; what they name is not served.
        "link" if tag.attribute("data-trunk").is_none() => tag.attribute("href"),
        _ => None,
    });
    named.filter(|file| !file.contains(':')).collect()
}

/// The files that a script names, to import or to fetch beside itself.
pub(crate) fn files_of_script(script: &str) -> Vec<String> {
    let mut files = Vec::new();
    for (at, quote) in script.match_indices(['"', '\'']) {
        let before = script[..at].trim_end();
        if !["from", "import", "import(", "URL("].iter().any(|word| before.ends_with(word)) {
            continue;
        }
        let rest = &script[at + 1..];
        let file = &rest[..rest.find(quote).unwrap_or(rest.len())];
        let extension = file.rsplit('.').next().unwrap_or_default();
        if ["js", "wasm", "css"].contains(&extension) && !file.contains([':', '\n']) {
            files.push(file.to_owned());
        }
    }
    files
}

/// The address that a reference on the page at `base` means.
pub(crate) fn resolve(base: &str, reference: &str) -> String {
    if reference.starts_with("http://") || reference.starts_with("https://") {
        return reference.to_owned();
    }
    let host = base.find("://").map_or(0, |scheme| scheme + 3);
    let path = base[host..].find('/').map_or(base.len(), |slash| host + slash);
    if reference.starts_with('/') {
        return format!("{}{reference}", &base[..path]);
    }
    let folder = base[path..].rfind('/').map_or(path, |slash| path + slash);
    format!("{}/{}", &base[..folder], reference.trim_start_matches("./"))
}

fn without_comments(html: &str) -> String {
    let mut kept = String::new();
    for (index, part) in html.split("<!--").enumerate() {
        kept.push_str(if index == 0 { part } else { part.split_once("-->").map_or("", |(_, rest)| rest) });
    }
    kept
}

struct Tag<'a> {
    name: &'a str,
    rest: &'a str,
}

fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    html.split('<').skip(1).map(|text| {
        let name = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(text.len());
        Tag { name: &text[..name], rest: &text[name..] }
    })
}

impl Tag<'_> {
    fn attribute(&self, wanted: &str) -> Option<String> {
        let mut rest = self.rest;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() || rest.starts_with('>') {
                return None;
            }
            let end = rest.find(|c: char| c.is_whitespace() || "=/>".contains(c)).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end.max(1));
            let (value, after) = value(after.trim_start());
            if name.eq_ignore_ascii_case(wanted) {
                return Some(value.replace("&amp;", "&"));
            }
            rest = after;
        }
    }
}

/// Splits the value off what follows an attribute's name.
fn value(text: &str) -> (&str, &str) {
    let Some(text) = text.strip_prefix('=').map(str::trim_start) else { return ("", text) };
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    text.split_at(text.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html>
        <!-- <airalo-balance proxy-url="/commented-out"></airalo-balance> -->
        <link data-trunk rel="rust" href="Cargo.toml">
        <link rel="modulepreload" href="./airalo-balance-element.js"/>
        <link rel=stylesheet href=page.css>
        <a href="https://example.com/">elsewhere</a>
        <script type="module" src='/airalo-balance.js'></script>
        <airalo-balance no-top-up label="a > b"
            proxy-url = "/api/balance?a=1&amp;b=2" loading=lazy></airalo-balance>"#;

    #[test]
    fn an_attribute_is_found_however_it_is_written() {
        let of = |name| attribute(PAGE, "airalo-balance", name);
        assert_eq!(of("proxy-url").as_deref(), Some("/api/balance?a=1&b=2"));
        assert_eq!(of("label").as_deref(), Some("a > b"));
        assert_eq!(of("loading").as_deref(), Some("lazy"));
        assert_eq!(of("no-top-up").as_deref(), Some(""));
        assert_eq!(of("theme"), None);
    }

    #[test]
    fn a_broken_page_has_no_attribute_and_no_panic() {
        for page in
            ["", "<", "<airalo-balance", "<airalo-balance =", "<airalo-balance a='", "<airalo-balance =>"]
        {
            assert_eq!(attribute(page, "airalo-balance", "proxy-url"), None, "{page}");
        }
    }

    #[test]
    fn a_page_names_its_own_files_and_not_what_trunk_reads() {
        assert_eq!(files_of_page(PAGE), ["./airalo-balance-element.js", "page.css", "/airalo-balance.js"]);
    }

    #[test]
    fn a_script_names_what_it_imports_and_what_lies_beside_it() {
        let script = r#"import{a}from"./card.js";import "./define.js";
            const m = await import('./late.js');
            fetch(new URL("card_bg.wasm", import.meta.url));
            const words = "./words.js", page = new URL("https://example.com/x.js");"#;
        assert_eq!(files_of_script(script), ["./card.js", "./define.js", "./late.js", "card_bg.wasm"]);
    }

    #[test]
    fn a_reference_is_resolved_the_way_a_browser_does() {
        let base = "http://127.0.0.1:8080/demo/index.html";
        assert_eq!(resolve(base, "/api/balance"), "http://127.0.0.1:8080/api/balance");
        assert_eq!(resolve(base, "./card.js"), "http://127.0.0.1:8080/demo/card.js");
        assert_eq!(resolve("http://127.0.0.1:8080", "card.js"), "http://127.0.0.1:8080/card.js");
        assert_eq!(resolve(base, "http://127.0.0.1:1/x"), "http://127.0.0.1:1/x");
    }
}
