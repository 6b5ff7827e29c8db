//! Finds variables that are set and not read, because their names are misspelt.

use super::variables::ALL;
use strsim::damerau_levenshtein;

/// Two letters that are wrong, left out, added or exchanged.
const MOST_MISTAKES: usize = 2;

/// Short names are like too many others.
const SHORTEST: usize = 8;

/// Variables of other programs.
const OTHERS: [&str; 2] = ["HTTP_PROXY", "SSL_CERT_DIR"];

/// A sentence for each of these variables whose name is nearly one of the proxy's.
pub fn misspelt_variables(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let files = ALL.iter().map(|variable| format!("{}_FILE", variable.name));
    let known: Vec<_> = ALL.iter().map(|variable| variable.name.to_owned()).chain(files).collect();
    let unread = names.into_iter().filter(|name| !known.contains(name) && !OTHERS.contains(&name.as_str()));
    let meant = |name: &str| {
        let candidates = known.iter().filter(|known| known.len() >= SHORTEST);
        let nearest = candidates.min_by_key(|known| damerau_levenshtein(name, known))?;
        (damerau_levenshtein(name, nearest) <= MOST_MISTAKES).then_some(nearest)
    };
    let sentence = |name: String| Some(format!("{name} is set and not read; is {} meant?", meant(&name)?));
    unread.filter_map(sentence).collect()
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
        let others =
            ["HOME", "PATH", "HISTFILE", "HTTP_PROXY", "no_proxy", "LISTEN_FDS", "SSL_CERT_DIR", "LOGNAME"];
        assert_eq!(found(&others), [] as [String; 0]);
    }
}
