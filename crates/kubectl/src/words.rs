//! A line as words, quoted as in a POSIX shell.

/// Takes a line apart.
///
/// # Errors
/// A quote that is not closed, or something that only a shell could do.
pub fn split(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\n' => words.extend(word.take()),
            '\'' | '"' => {
                let text = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        None => return Err(format!("error: the quote {c} is not closed")),
                        Some(end) if end == c => break,
                        Some('\\') if c == '"' => text.extend(escaped(chars.next())),
                        Some(other) => text.push(other),
                    }
                }
            }
            '\\' => match chars.next() {
                Some('\n') => {}
                next => word.get_or_insert_default().extend(next),
            },
            '#' if word.is_none() => drop(chars.by_ref().find(|c| *c == '\n')),
            '|' | ';' | '&' | '<' | '>' | '`' | '$' => {
                return Err(format!(
                    "error: this is no shell: {c:?} would have to be quoted"
                ));
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

/// What a backslash and the next character stand for between double quotes.
fn escaped(next: Option<char>) -> impl Iterator<Item = char> {
    let is_special = matches!(next, Some('$' | '`' | '"' | '\\' | '\n'));
    let backslash = (!is_special).then_some('\\');
    backslash.into_iter().chain(next.filter(|c| *c != '\n'))
}

/// A word as it has to be written to be read as this one.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_as_in_a_shell() {
        let check = |line: &str, want: &[&str]| assert_eq!(split(line).unwrap(), want, "{line}");
        check("apply -f  a.yaml ", &["apply", "-f", "a.yaml"]);
        check(
            r#"a 'b c' "d \" e" f\ g '' "#,
            &["a", "b c", "d \" e", "f g", ""],
        );
        check(r#"a'b'"c""#, &["abc"]);
        check(r#""{'\n'} \a \\ \$ \` ""#, &[r"{'\n'} \a \ $ ` "]);
        check("a \"b\\\nc\" d\\\ne", &["a", "bc", "de"]);
        check("get ds x#y # all 'of it\n-A #", &["get", "ds", "x#y", "-A"]);
        for bad in ["'a", "a | b", "$(a)", "a > b"] {
            assert!(split(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_quoted_is_read_as_it_was() {
        for word in [
            "", "a", "it's", "a b", "$x|;", "\"", "\\", "'", "é=1", "a\nb", "*",
        ] {
            assert_eq!(split(&quoted(word)).unwrap(), [word]);
        }
        assert_eq!(quoted("a=b"), "a=b");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
