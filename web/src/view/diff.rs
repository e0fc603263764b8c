//! How two texts differ, line by line.

/// A line of the one, the other, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Same(String),
    Removed(String),
    Added(String),
    /// So many lines that are the same.
    Skipped(usize),
}

/// Lines that are shown around a difference.
const CONTEXT: usize = 2;
/// Texts with more lines are not compared: the effort grows with the square.
const LINES_MAX: usize = 2_000;

/// What turns `before` into `after`; nothing if they are the same.
pub fn diff(before: &str, after: &str) -> Vec<Line> {
    let (a, b): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    if a == b || a.len() > LINES_MAX || b.len() > LINES_MAX {
        return Vec::new();
    }
    shortened(&whole(&a, &b))
}

/// By the longest common subsequence of lines.
fn whole(a: &[&str], b: &[&str]) -> Vec<Line> {
    let width = b.len() + 1;
    let mut lengths = vec![0_u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i * width + j] = match a[i] == b[j] {
                true => lengths[(i + 1) * width + j + 1] + 1,
                false => lengths[(i + 1) * width + j].max(lengths[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            lines.push(Line::Same(a[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len()
            || (i < a.len() && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])
        {
            lines.push(Line::Removed(a[i].to_owned()));
            i += 1;
        } else {
            lines.push(Line::Added(b[j].to_owned()));
            j += 1;
        }
    }
    lines
}

/// Without what is far from any difference.
fn shortened(lines: &[Line]) -> Vec<Line> {
    let differs = |line: &Line| !matches!(line, Line::Same(_));
    let is_near = |at: usize| {
        let from = at.saturating_sub(CONTEXT);
        let to = (at + CONTEXT + 1).min(lines.len());
        lines[from..to].iter().any(differs)
    };
    let mut short: Vec<Line> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match (is_near(at), short.last_mut()) {
            (true, _) => short.push(line.clone()),
            (false, Some(Line::Skipped(n))) => *n += 1,
            (false, _) => short.push(Line::Skipped(1)),
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_shown_with_a_little_around_it() {
        let before = "a\nb\nc\nd\ne\nf\ng\n";
        assert_eq!(diff(before, before), []);
        let after = before.replace("e\n", "E\n");
        let same = |text: &str| Line::Same(text.to_owned());
        assert_eq!(
            diff(before, &after),
            [
                Line::Skipped(2),
                same("c"),
                same("d"),
                Line::Removed("e".into()),
                Line::Added("E".into()),
                same("f"),
                same("g"),
            ]
        );
    }
}
