//! What always holds of a cluster, along random walks: inputs and faults by chance, from seeds,
//! and every invariant after every step.
//!
//! A failure tells its seed and the fewest inputs that lead there;
//! `SEED=17 cargo test -p tests --test walks` walks that one alone, and `STEPS=1000000` goes on for
//! so many steps. `cargo xtask soak` does so at length.
#![cfg(not(target_arch = "wasm32"))]

mod walks {
    pub(crate) mod act;
    pub(crate) mod walk;
}

use std::{env, thread, time::Instant};

use walks::walk::{Walk, Walked, shrink};

const STEPS: u64 = 100_000;
/// Each walks by itself, with every so-many-th seed, so that all runs are the same.
const THREADS: u64 = 2;

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
}

/// Walks with one seed after the other, for so many steps or to the first that fails.
fn walk(seeds: impl Iterator<Item = u64>, n_steps: u64) -> Result<Walked, u64> {
    let mut total = Walked::default();
    for seed in seeds {
        total += Walk::random(seed).run().map_err(|_| seed)?;
        if total.n_steps >= n_steps {
            break;
        }
    }
    Ok(total)
}

#[test]
fn the_invariants_hold_along_random_walks() {
    let started = Instant::now();
    let total = match number("SEED") {
        Some(seed) => walk([seed].into_iter(), 1),
        None => {
            let first = number("FIRST_SEED").unwrap_or(0);
            let n_steps = number("STEPS").unwrap_or(STEPS) / THREADS;
            let walk = |thread| walk((first + thread..).step_by(THREADS as usize), n_steps);
            thread::scope(|scope| {
                let threads: Vec<_> = (0..THREADS)
                    .map(|thread| scope.spawn(move || walk(thread)))
                    .collect();
                let joined = threads
                    .into_iter()
                    .map(|it| it.join().expect("a walk ends"));
                joined
                    .collect::<Result<Vec<_>, _>>()
                    .map(|it| it.into_iter().sum())
            })
        }
    };
    match total {
        Ok(Walked {
            n_walks,
            n_steps,
            n_quiet,
        }) => {
            let seconds = started.elapsed().as_secs_f64();
            println!("{n_walks} walks, {n_steps} steps, {n_quiet} times quiet, {seconds:.1} s");
        }
        Err(seed) => panic!("{}", shrink(&Walk::random(seed))),
    }
}
