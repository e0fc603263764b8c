//! What several tests need: the command line, called as a shell would call it.
#![cfg(not(target_arch = "wasm32"))]

use std::path::{Path, PathBuf};

/// What a command wrote, and its exit code.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub exit_code: u8,
}

/// Runs `daemonset ARGS...` with this on its standard input.
pub fn daemonset(args: &[&str], stdin: &str) -> Ran {
    let (mut stdin, mut stdout, mut stderr) = (stdin.as_bytes(), Vec::new(), Vec::new());
    let mut io = cli::Io {
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        terminal: cli::Terminal::default(),
    };
    let args = std::iter::once("daemonset").chain(args.iter().copied());
    let exit_code = cli::main(args.map(Into::into), &mut io);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the command writes UTF-8");
    Ran {
        stdout: text(stdout),
        stderr: text(stderr),
        exit_code,
    }
}

/// A path below the root of the workspace.
pub fn root(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(path)
}

/// The files of a folder whose names end so, by name.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root(folder)).expect("the folder is in the repository");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    paths.sort();
    paths
}

/// SplitMix64, as the core has it; the tests need one of their own.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// A folder that goes with its value.
pub struct Folder(PathBuf);

impl Folder {
    /// An empty one for a test to write to; its name is the test's own.
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("daemonset-{}-{name}", std::process::id()));
        // What a process of the same number left behind, if one did.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("the folder can be made");
        Self(path)
    }
}

impl std::ops::Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder left in the temporary one harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
