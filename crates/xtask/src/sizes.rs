//! How large files are, as they are and compressed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    Result,
    process::{command, output},
};

/// A file of the site and its sizes in bytes.
pub(crate) struct Sized {
    /// Relative to the site, with `/`.
    pub(crate) name: String,
    pub(crate) raw: u64,
    /// By Brotli at its highest level, as a good static host sends it.
    pub(crate) brotli: u64,
}

/// All files under a directory, by name.
pub(crate) fn measure(directory: &Path) -> Result<Vec<Sized>> {
    let files = files(directory)?;
    let compressed = compressed_sizes(&files)?;
    files
        .iter()
        .zip(compressed)
        .map(|(path, brotli)| {
            Ok(Sized {
                name: path
                    .strip_prefix(directory)?
                    .display()
                    .to_string()
                    .replace('\\', "/"),
                raw: fs::metadata(path)?.len(),
                brotli,
            })
        })
        .collect()
}

/// All files under a directory, in order.
pub(crate) fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Node has Brotli built in, at level 11 unless told otherwise.
fn compressed_sizes(files: &[PathBuf]) -> Result<Vec<u64>> {
    const SCRIPT: &str = "for (const file of process.argv.slice(1)) \
        console.log(zlib.brotliCompressSync(fs.readFileSync(file)).length)";
    let sizes = output(command("node").args(["-e", SCRIPT, "--"]).args(files))
        .ok_or("Node cannot compress the files")?;
    Ok(sizes
        .lines()
        .map(str::parse)
        .collect::<std::result::Result<_, _>>()?)
}
