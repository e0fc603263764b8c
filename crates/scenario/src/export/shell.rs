//! Text for a POSIX shell, so that it stays text.

/// A word: as it is where that is safe, else in single quotes.
pub(super) fn quote(word: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_-./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_safe) {
        return word.to_owned();
    }
    // No argument can hold a NUL.
    let word = word.replace('\0', "\u{fffd}");
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A command line of these words.
pub(super) fn line<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    let words = words.into_iter().map(|word| quote(word.as_ref()));
    words.collect::<Vec<_>>().join(" ")
}

/// A comment, each line of the text on a line of its own.
pub(super) fn comment(text: &str) -> String {
    let mut comment = String::new();
    for line in text.trim_end().split('\n') {
        let shown = |c: char| if c.is_control() { '\u{fffd}' } else { c };
        let line: String = line
            .trim_end()
            .replace('\t', "    ")
            .chars()
            .map(shown)
            .collect();
        comment += format!("# {line}").trim_end();
        comment.push('\n');
    }
    comment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        assert_eq!(
            line(["apply", "-f", "files/a.yaml"]),
            "apply -f files/a.yaml"
        );
        assert_eq!(
            line(["", "a b", "it's", "$(x)", "`x`", "~", "#", "*", "a\nb"]),
            "'' 'a b' 'it'\\''s' '$(x)' '`x`' '~' '#' '*' 'a\nb'"
        );
        assert_eq!(quote("a\0b"), "'a\u{fffd}b'");
    }

    #[test]
    fn every_line_of_a_comment_is_one() {
        assert_eq!(
            comment("a\n\nrm -rf /\r\nx\r\ny\u{0}\n"),
            "# a\n#\n# rm -rf /\n# x\n# y\u{fffd}\n"
        );
    }
}
