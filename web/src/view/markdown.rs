//! The little Markdown of lessons: paragraphs, lists, `code`, **bold**, *emphasis*.
//!
//! Text never becomes HTML: what comes out is data that the page draws.

/// A part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(Vec<Span>),
    List(Vec<Vec<Span>>),
}

/// A run of letters that look alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    Text(String),
    Code(String),
    Bold(String),
    Emphasis(String),
}

/// Reads a text.
pub fn read(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for paragraph in text
        .split("\n\n")
        .map(str::trim)
        .filter(|it| !it.is_empty())
    {
        let item = |line: &str| {
            line.strip_prefix("- ")
                .or(line.strip_prefix("* "))
                .map(spans)
        };
        let items: Option<Vec<_>> = paragraph.lines().map(|it| item(it.trim())).collect();
        blocks.push(match items {
            Some(items) => Block::List(items),
            None => Block::Paragraph(spans(&paragraph.replace('\n', " "))),
        });
    }
    blocks
}

fn spans(text: &str) -> Vec<Span> {
    // `**` comes before `*`, which it begins with.
    let span = |mark: &str, text: String| match mark {
        "`" => Span::Code(text),
        "**" => Span::Bold(text),
        _ => Span::Emphasis(text),
    };
    let mut spans = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let marked = ["`", "**", "*"].into_iter().find_map(|mark| {
            let inside = rest.strip_prefix(mark)?;
            let end = inside.find(mark).filter(|end| *end > 0)?;
            Some((
                span(mark, inside[..end].to_owned()),
                &inside[end + mark.len()..],
            ))
        });
        match marked {
            Some((span, after)) => {
                if !plain.is_empty() {
                    spans.push(Span::Text(std::mem::take(&mut plain)));
                }
                spans.push(span);
                rest = after;
            }
            None => {
                plain.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    if !plain.is_empty() {
        spans.push(Span::Text(plain));
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_in_pairs() {
        let text = |text: &str| Span::Text(text.into());
        assert_eq!(
            read("A `pod` is *one* of **many**.\nHere."),
            [Block::Paragraph(vec![
                text("A "),
                Span::Code("pod".into()),
                text(" is "),
                Span::Emphasis("one".into()),
                text(" of "),
                Span::Bold("many".into()),
                text(". Here."),
            ])]
        );
        assert_eq!(
            read("2 * 3 ` <b>"),
            [Block::Paragraph(vec![text("2 * 3 ` <b>")])]
        );
        assert_eq!(
            read("- a\n- b"),
            [Block::List(vec![vec![text("a")], vec![text("b")]])]
        );
    }
}
