//! `cargo xtask soak`: random walks for longer than a test may take.

use crate::{
    Result,
    process::{command, run as run_command},
    unknown_argument,
};

pub(crate) const USAGE: &str = "\
usage: cargo xtask soak [STEPS] [FIRST_SEED]

Walks STEPS steps (10,000,000 if not said) through random worlds, with the
invariants asked after every one; the first walk has seed FIRST_SEED (100,000
if not said, where the test does not get to). A failure tells its seed and the
fewest inputs that lead there; `SEED=17 cargo test -p tests --test walks` walks
that one alone.";

const STEPS: u64 = 10_000_000;
const FIRST_SEED: u64 = 100_000;

pub(crate) fn run(args: &[String]) -> Result {
    let (steps, first_seed) = read(args)?;
    run_command(
        command("cargo")
            // The walks are quick in this profile, and the program is built in no time beside them.
            .args([
                "test",
                "-p",
                "tests",
                "--profile",
                "bench",
                "--test",
                "walks",
            ])
            .args(["--", "--nocapture"])
            .env("STEPS", steps.to_string())
            .env("FIRST_SEED", first_seed.to_string()),
    )
}

fn read(args: &[String]) -> Result<(u64, u64)> {
    let number = |at: usize, default| match args.get(at) {
        None => Ok(default),
        Some(arg) => {
            let digits = arg.replace([',', '_'], "");
            digits.parse().map_err(|_| unknown_argument(arg, USAGE))
        }
    };
    if let Some(arg) = args.get(2) {
        return Err(unknown_argument(arg, USAGE));
    }
    Ok((number(0, STEPS)?, number(1, FIRST_SEED)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let read = |text: &str| {
            let args: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            read(&args).ok()
        };
        assert_eq!(read(""), Some((STEPS, FIRST_SEED)));
        assert_eq!(read("1,000,000 5"), Some((1_000_000, 5)));
        assert_eq!(read("much"), None);
        assert_eq!(read("1 2 3"), None);
    }
}
