//! What is only for a person who watches: colours, and how far a long run is.

use std::io::{self, Write};

use clap::builder::styling::{AnsiColor, Style};
use objects::Millis;

/// What the streams lead to. By default to no terminal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal {
    pub stdout_has_colours: bool,
    pub stderr_has_colours: bool,
    /// A line on stderr may be written over: somebody watches it, and nothing else comes there.
    pub shows_progress: bool,
}

pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// A text, in colours if there are any.
pub(crate) fn paint(text: &str, style: Style, has_colours: bool) -> String {
    match has_colours {
        true => format!("{style}{text}{style:#}"),
        false => text.to_owned(),
    }
}

/// A diagnostic, how bad it is in colours if there are any.
pub(crate) fn diagnostic(line: &str, has_colours: bool) -> String {
    let word = |(word, style)| Some((line.find(word)?, word, style));
    // That of the message stands before all that the message may quote.
    let words = [("error:", ERROR), ("warning:", WARNING)];
    match words.into_iter().filter_map(word).min_by_key(|it| it.0) {
        Some((at, word, style)) if has_colours => {
            let (head, rest) = line.split_at(at);
            format!("{head}{}{}", paint(word, style, true), &rest[word.len()..])
        }
        _ => line.to_owned(),
    }
}

/// How far a run is: a line that is written over every so many steps.
pub(crate) struct Progress {
    is_shown: bool,
    is_there: bool,
}

impl Progress {
    const EVERY: usize = 2000;

    pub(crate) fn new(terminal: Terminal) -> Self {
        Self {
            is_shown: terminal.shows_progress,
            is_there: false,
        }
    }

    pub(crate) fn step(
        &mut self,
        number: usize,
        time: Millis,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if !self.is_shown || !number.is_multiple_of(Self::EVERY) {
            return Ok(());
        }
        self.is_there = true;
        let seconds = time.0 / 1000;
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        write!(out, "\r\x1b[KT+{minutes}m{seconds:02}s  step {number}")?;
        out.flush()
    }

    /// Takes the line away.
    pub(crate) fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match std::mem::take(&mut self.is_there) {
            true => write!(out, "\r\x1b[K"),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_bad_it_is_has_a_colour() {
        assert_eq!(
            diagnostic("a:1:2: error: b: c", true),
            "a:1:2: \u{1b}[1m\u{1b}[31merror:\u{1b}[0m b: c"
        );
        assert_eq!(
            diagnostic("a:1:2: warning: b: error: c", true),
            "a:1:2: \u{1b}[1m\u{1b}[33mwarning:\u{1b}[0m b: error: c"
        );
        for line in ["a:1:2: error: b", "nothing"] {
            assert_eq!(diagnostic(line, false), line);
        }
        assert_eq!(diagnostic("nothing", true), "nothing");
    }

    #[test]
    fn progress_is_one_line_and_goes_away() {
        let show = |shows_progress| {
            let mut out = Vec::new();
            let mut progress = Progress::new(Terminal {
                shows_progress,
                ..Terminal::default()
            });
            for number in 1..=4000 {
                let time = Millis(number as i64 * 180);
                progress.step(number, time, &mut out).unwrap();
            }
            progress.end(&mut out).unwrap();
            progress.end(&mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            show(true),
            "\r\u{1b}[KT+6m00s  step 2000\r\u{1b}[KT+12m00s  step 4000\r\u{1b}[K"
        );
        assert_eq!(show(false), "");
    }
}
