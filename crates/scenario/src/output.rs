//! What a command must print, and how it must exit.

use kubectl::Output;

use crate::step::Command;

/// Blanks at line ends and newlines at the end do not count.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// Whether it exits as it should; if not, the world is not as the scenario takes it to be.
pub(crate) fn check_exit(command: &Command, printed: &Output) -> Result<(), String> {
    if (printed.exit_code != 0) == command.fails {
        return Ok(());
    }
    let expected = match command.fails {
        true => "another exit code than 0",
        false => "exit code 0",
    };
    let (code, text) = (printed.exit_code, printed.text.trim_end());
    Err(format!("expected {expected}, found {code}:\n{text}"))
}

/// What it should have printed and has not.
pub(crate) fn check(command: &Command, printed: &Output) -> Vec<String> {
    let mut wrong = Vec::new();
    let found = tidy(&printed.text);
    let output = command.output.as_deref().map(tidy);
    if let Some(output) = output.filter(|output| *output != found) {
        wrong.push(format!("expected output:\n{output}\nfound:\n{found}"));
    }
    let part = command.contains.as_deref().map(tidy);
    if let Some(part) = part.filter(|part| !found.contains(part)) {
        wrong.push(format!("expected output with:\n{part}\nfound:\n{found}"));
    }
    wrong
}
