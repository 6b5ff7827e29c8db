//! Finds variables that are set and not read, because their names are misspelt.

use super::variables::{ALL, SECRETS};
use strsim::damerau_levenshtein;

/// Variables of other programs.
const OTHERS: [&str; 2] = ["HTTP_PROXY", "RUSTC_LOG"];

/// A sentence for each of these variables whose name is nearly one of the proxy's.
pub fn misspelt_variables(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let files = SECRETS.iter().map(|variable| format!("{}_FILE", variable.name));
    let known: Vec<_> = ALL.iter().map(|variable| variable.name.to_owned()).chain(files).collect();
    let unread = names.into_iter().filter(|name| !known.contains(name) && !OTHERS.contains(&name.as_str()));
    let sentence =
        |name: String| Some(format!("{name} is set and not read; is {} meant?", nearest(&name, &known)?));
    unread.filter_map(sentence).collect()
}

fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a String> {
    // A letter that is wrong, left out or added, or two that are exchanged. A short name is soon another one.
    let most_mistakes = match name.len() {
        0..8 => return None,
        8..12 => 1,
        _ => 2,
    };
    let nearest = known.iter().min_by_key(|known| damerau_levenshtein(name, known))?;
    (damerau_levenshtein(name, nearest) <= most_mistakes).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str]) -> Vec<String> {
        misspelt_variables(names.iter().map(|name| (*name).to_owned()))
    }

    #[test]
    fn a_name_with_a_letter_too_few_or_two_exchanged_is_found() {
        let texts = found(&["LOW_TRESHOLD", "AIRALO_CLIENT_SECERT", "NOTIFY_SMTP_URL_FLIE"]);
        assert_eq!(texts.len(), 3, "{texts:?}");
        assert_eq!(texts[0], "LOW_TRESHOLD is set and not read; is LOW_THRESHOLD meant?");
        assert!(texts[2].contains("NOTIFY_SMTP_URL_FILE"), "{texts:?}");
    }

    #[test]
    fn names_that_are_right_or_of_other_programs_are_not() {
        let every: Vec<_> = ALL.iter().map(|variable| variable.name).collect();
        assert_eq!(found(&every), [] as [String; 0]);
        let others = [
            "HOME",
            "PATH",
            "HISTFILE",
            "HTTP_PROXY",
            "no_proxy",
            "LISTEN_FDS",
            "SSL_CERT_DIR",
            "LOGNAME",
            "GOPROXY",
            "RUSTC_LOG",
            "UV_PROXY",
        ];
        assert_eq!(found(&others), [] as [String; 0]);
    }
}
