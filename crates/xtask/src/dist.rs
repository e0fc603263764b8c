//! `cargo xtask dist`: the static site.

use std::{fs, path::Path};

use crate::{
    Result, halves, npm, offline,
    process::run as run_command,
    setup, single_file,
    sizes::{self, Sized},
    trunk::trunk,
    unknown_argument,
};

pub(crate) const USAGE: &str = "\
usage: cargo xtask dist

Builds the static site into dist/, prints its sizes, and checks that nothing in
it points to another host. Put dist/ on any static host, under any path. The
package for npm is in dist/npm/: `npm pack ./dist/npm`.";

pub(crate) const DIRECTORY: &str = "dist";

pub(crate) fn run(args: &[String]) -> Result {
    if let Some(arg) = args.first() {
        return Err(unknown_argument(arg, USAGE));
    }
    setup::page_tools()?;
    build()?;

    let files = sizes::measure(Path::new(DIRECTORY))?;
    let total = Sized {
        name: "total".to_owned(),
        raw: files.iter().map(|file| file.raw).sum(),
        brotli: files.iter().map(|file| file.brotli).sum(),
    };
    println!("{:>10} {:>10}", "bytes", "brotli");
    for Sized { name, raw, brotli } in files.iter().chain([&total]) {
        println!("{raw:>10} {brotli:>10}  {name}");
    }
    println!("Put the contents of {DIRECTORY}/ on any static host, under any path.");
    Ok(())
}

/// Builds the site and checks it. The tools must be there.
pub(crate) fn build() -> Result {
    run_command(trunk("build")?.args(["--release", "--dist", DIRECTORY]))?;
    let site = Path::new(DIRECTORY);
    halves::cut(site)?;
    single_file::write(site)?;
    offline::write(site)?;
    stays_on_its_host(site)?;
    npm::write(site, "npm")
}

fn stays_on_its_host(directory: &Path) -> Result {
    for path in sizes::files(directory)? {
        if !path
            .extension()
            .is_some_and(|ext| ext == "html" || ext == "css" || ext == "js")
        {
            continue;
        }
        let text = text(&fs::read(&path)?)?;
        if let Some(url) = foreign_urls(&text).next() {
            let path = path.display();
            return Err(format!(
                "{path} has the URL {url}, but the site must not ask another host for anything"
            )
            .into());
        }
    }
    Ok(())
}

/// A file's text, in UTF-16 if it says so.
fn text(bytes: &[u8]) -> Result<String> {
    let Some(units) = bytes.strip_prefix(b"\xff\xfe") else {
        return Ok(String::from_utf8(bytes.to_vec())?);
    };
    let units = units
        .chunks_exact(2)
        .map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
    Ok(char::decode_utf16(units).collect::<std::result::Result<_, _>>()?)
}

/// The absolute URLs in a text, but for those that only name XML namespaces.
fn foreign_urls(text: &str) -> impl Iterator<Item = &str> {
    const NAMESPACES: &str = "http://www.w3.org/";
    const SCHEMES: [&str; 4] = ["http://", "https://", "ws://", "wss://"];

    let ends = |char: char| char.is_whitespace() || "\"'`()<>\\".contains(char);
    text.match_indices("://")
        .map(move |(at, _)| {
            let before_scheme =
                text[..at].trim_end_matches(|char: char| char.is_ascii_alphabetic());
            let url = &text[before_scheme.len()..];
            &url[..url.find(ends).unwrap_or(url.len())]
        })
        .filter(|url| SCHEMES.iter().any(|scheme| url.starts_with(scheme)))
        .filter(|url| !url.starts_with(NAMESPACES))
}

#[cfg(test)]
mod tests {
    use super::foreign_urls;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(foreign_urls(text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn urls_of_other_hosts_are_found() {
        check(
            "<a href=\"https://example.com/a\">b</a>",
            &["https://example.com/a"],
        );
        check(
            "url(http://a.example/x.png) new WebSocket('ws://b')",
            &["http://a.example/x.png", "ws://b"],
        );
    }

    #[test]
    fn relative_urls_and_namespaces_are_not() {
        check(
            "<link href=./a.css> import('./b.js') // docker://image",
            &[],
        );
        check("<svg xmlns='http://www.w3.org/2000/svg'/>", &[]);
    }

    #[test]
    fn a_character_of_many_bytes_before_a_url_is_no_problem() {
        check("…https://example.com", &["https://example.com"]);
    }
}
