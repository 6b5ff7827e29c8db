//! Looking for plain letters, byte by byte.
//!
//! The standard library's searches know all of Unicode, and nothing else in the card asks for that.

/// Where the first of these letters stands.
pub(super) fn position(text: &str, letters: &[u8]) -> Option<usize> {
    text.bytes().position(|byte| letters.contains(&byte))
}

/// What stands before the first of these letters, and what stands after it.
pub(super) fn cut<'a>(text: &'a str, letters: &[u8]) -> Option<(&'a str, &'a str)> {
    let at = position(text, letters)?;
    Some((&text[..at], &text[at + 1..]))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_the_first_of_the_letters_whatever_stands_around_it() {
        assert_eq!(cut("a/b?c", b"?/"), Some(("a", "b?c")));
        assert_eq!(cut("é{日}", b"{"), Some(("é", "日}")));
        assert_eq!(cut("?", b"?"), Some(("", "")));
        assert_eq!((cut("abc", b"?"), cut("", b"?")), (None, None));
    }
}
