//! Short names between the WebAssembly and its glue.
//!
//! wasm-bindgen ends every name of an import with a hash, so that libraries of several versions
//! can live in one file. Both files hold all of them, and nothing compresses worse than a hash.

use std::collections::HashMap;

use super::order;
use crate::module::Module;

/// The variable of the glue that holds the exports.
const EXPORTS: &str = "wasm.";

/// The one export that others may look at: it tells how much memory the cards take.
const MEMORY: &str = "memory";

/// Shortens the names in the module; the glue that knows them by their new ones.
pub(super) fn shorten(module: &mut Module, glue: &str) -> Option<String> {
    let (mut imports, mut exports) = (HashMap::new(), HashMap::new());
    let shorten = |known: &mut HashMap<String, String>, name: &str| {
        let short = short(known.len());
        known.entry(name.to_owned()).or_insert(short).clone()
    };
    let mut renamed = Module::parse(&module.to_bytes())?;
    renamed.rename(|name| shorten(&mut imports, name), |_| String::new())?;
    let export = |name: &str| if name == MEMORY { name.to_owned() } else { shorten(&mut exports, name) };
    module.rename(|name| imports[name].clone(), export)?;

    let glue = used_in_order(glue, |name| imports.contains_key(name));
    let mut text = String::with_capacity(glue.len());
    let mut rest = &*glue;
    while let Some(start) = rest.find(is_part) {
        let (before, word) = rest.split_at(start);
        text.push_str(before);
        let (word, after) = word.split_at(word.find(|c| !is_part(c)).unwrap_or(word.len()));
        let known = if text.ends_with(EXPORTS) {
            exports.get(word)
        } else if is_key(&text, after) {
            imports.get(word)
        } else {
            None
        };
        text.push_str(known.map_or(word, String::as_str));
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

/// The glue without the functions that nothing imports any more, and with those that resemble each
/// other next to each other. Each is an entry of the one object that is handed over.
fn used_in_order(glue: &str, is_imported: impl Fn(&str) -> bool) -> String {
    let (mut before, mut after, mut entries) = (String::new(), String::new(), Vec::<(String, String)>::new());
    let mut within = false;
    for line in glue.split_inclusive('\n') {
        if within {
            within = !line.starts_with("        }");
            entries.last_mut().into_iter().for_each(|(_, entry)| entry.push_str(line));
        } else if let Some((name, start)) = entry(line) {
            within = true;
            entries.push((name.to_owned(), start.to_owned()));
        } else if entries.is_empty() {
            before.push_str(line);
        } else {
            after.push_str(line);
        }
    }
    entries.retain(|(name, _)| !name.starts_with("__wb") || is_imported(name));
    let bodies: Vec<_> = entries.iter().map(|(_, entry)| entry.as_bytes()).collect();
    let ordered = order::by_resemblance(&bodies).into_iter().map(|at| {
        let (name, entry) = &entries[at];
        format!("        {name}: {entry}")
    });
    before.extend(ordered);
    before + &after
}

/// The name of an entry that begins here, two levels within the glue, and what follows.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (name, start) = line.strip_prefix("        ")?.split_once(": ")?;
    (start.starts_with("function") && name.chars().all(is_part)).then_some((name, start))
}

const fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// Whether a word begins an entry of an object, which is what the glue hands its functions over in.
fn is_key(before: &str, after: &str) -> bool {
    after.starts_with(": ") && before.trim_end().ends_with(['{', ',']) && before.ends_with(' ')
}

/// a … z, A … Z, aa …
fn short(mut number: usize) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut name = String::new();
    loop {
        name.insert(0, char::from(LETTERS[number % LETTERS.len()]));
        number /= LETTERS.len();
        if number == 0 {
            return name;
        }
        number -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::tests::sample;

    #[test]
    fn both_sides_keep_calling_each_other() {
        let mut module = Module::parse(&sample()).unwrap();
        let glue = "const import0 = {\n    long_one: function() { go(); wasm.go(); wasm.going(); },\n};\n";
        assert_eq!(
            shorten(&mut module, glue).unwrap(),
            "const import0 = {\n    a: function() { go(); wasm.a(); wasm.going(); },\n};\n"
        );
        let mut seen = Vec::new();
        module
            .rename(
                |name| name.to_owned(),
                |name| {
                    seen.push(name.to_owned());
                    String::new()
                },
            )
            .unwrap();
        assert_eq!(seen, ["a"]);
    }

    #[test]
    fn what_nothing_imports_any_more_is_left_out_of_the_glue() {
        let glue = "    const import0 = {\n        __wbg_a: function() { return handle(function () {\n            a();\n        }, arguments); },\n        __wbg_b: function() {\n            b();\n        },\n    };\n";
        let kept = used_in_order(glue, |name| name == "__wbg_b");
        assert_eq!(
            kept,
            "    const import0 = {\n        __wbg_b: function() {\n            b();\n        },\n    };\n"
        );
        assert_eq!(used_in_order(glue, |_| true), glue);
    }

    #[test]
    fn functions_that_resemble_each_other_come_together() {
        let entry = |name: &str, body: &str| {
            format!("        __wbg_{name}: function() {{\n            {body}\n        }},\n")
        };
        let (one, other, third) = (
            entry("a", "return get(heap, 1);"),
            entry("b", "document.body.append(it);"),
            entry("c", "return get(heap, 2);"),
        );
        let glue = |entries: [&str; 3]| format!("const a = {{\n{}}};\n", entries.concat());
        assert_eq!(used_in_order(&glue([&one, &other, &third]), |_| true), glue([&one, &third, &other]));
    }

    #[test]
    fn no_two_short_names_are_the_same() {
        let mut names: Vec<_> = (0..5_000).map(short).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 5_000);
        assert_eq!([short(0), short(51), short(52), short(104)], ["a", "Z", "aa", "ba"]);
    }
}
