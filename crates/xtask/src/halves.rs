//! The page's program in two files: what runs until the first step, and the rest; and once more for
//! the element of another page, of which less runs.
//!
//! The crate `split` gives short names to what it imports of its glue. Each is opened in a browser
//! once, with a program that tells what of it runs, and cut by that. Then wasm-opt makes each half
//! small.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use crate::{
    Result, browser,
    process::{command, output, run},
};

/// What the linker wrote, from which Trunk makes the site's module.
const LINKED: &str = "target/wasm32-unknown-unknown/page/web.wasm";
/// Where the steps between are kept.
const WORK: &str = "target/halves";
/// The function by which the first half asks for the rest: `web/src/rest.js`.
const LOAD: &str = "loadRest";
/// What browsers have had since 2021, and rustc uses.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Who opens the program first: what its halves are called, and which file says so.
struct Opener {
    /// As `first_step.mjs` knows it.
    name: &'static str,
    first: &'static str,
    rest: &'static str,
}

const OPENERS: [Opener; 2] = [
    Opener {
        name: "page",
        first: "first",
        rest: "rest",
    },
    Opener {
        name: "player",
        first: "player",
        rest: "player-rest",
    },
];

/// Cuts the program of a site in two, for each that opens it. Without a browser it stays whole.
pub(crate) fn cut(site: &Path) -> Result {
    let whole = only(site, "", "wasm")?;
    let glue = only(site, "web-", "js")?;
    let split = |args: &[&Path]| {
        let mut split = command("cargo");
        split.args(["run", "--quiet", "--release", "--package", "split", "--"]);
        split.args(args);
        split
    };
    run(&mut split(&[Path::new("shorten"), &whole, &glue]))?;
    fs::create_dir_all(WORK)?;
    let work = |name: &str| Path::new(WORK).join(name);
    let chromium = match browser::ensure() {
        Ok(browser) => browser.chromium,
        Err(error) => {
            eprintln!("the program stays in one file, larger until the first step: {error}");
            let small = work("whole.wasm");
            optimize(&whole, &small, "-Oz")?;
            fs::copy(small, whole)?;
            return Ok(());
        }
    };

    let telling = work("telling.wasm");
    let stretches = output(&mut split(&[Path::new("instrument"), &whole, &telling]))
        .ok_or("the program cannot be made to tell what of it runs")?;
    for opener in &OPENERS {
        let ran = work(&format!("{}-ran", opener.name));
        run(command("node")
            .args(["crates/xtask/src/first_step.mjs", opener.name])
            .args([site, &telling, Path::new(&stretches), &ran, &chromium]))?;
        let (first, rest) = (work("first.wasm"), work("rest.wasm"));
        run(&mut split(&[
            Path::new("cut"),
            &whole,
            Path::new(LINKED),
            &ran,
            Path::new(LOAD),
            &first,
            &rest,
        ]))?;
        let small = [work("first-small.wasm"), work("rest-small.wasm")];
        optimize(&first, &small[0], "-Os")?;
        optimize(&rest, &small[1], "-O3")?;
        put(site, &whole, opener, &small)?;
    }
    Ok(fs::remove_file(whole)?)
}

/// The file of a site whose name begins and ends so.
fn only(site: &Path, begins: &str, extension: &str) -> Result<PathBuf> {
    let entries = fs::read_dir(site)?.collect::<std::io::Result<Vec<_>>>()?;
    let mut files = entries.into_iter().map(|it| it.path()).filter(|path| {
        let name = path.file_name().and_then(|it| it.to_str());
        path.extension().is_some_and(|it| it == extension)
            && name.is_some_and(|it| it.starts_with(begins))
    });
    files
        .next()
        .ok_or_else(|| format!("{} has no file {begins}*.{extension}", site.display()).into())
}

/// That an address is so low that nothing lies there: the linker puts the stack first, which grows
/// down to it, so that what is added to an address can be a part of the instruction.
const LOW_MEMORY: [&str; 2] = ["--low-memory-unused", "--optimize-added-constants"];

/// Makes a module small: as it is (`-Oz`), or compressed (`-Os`); or fast (`-O3`).
pub(crate) fn optimize(from: &Path, to: &Path, level: &str) -> Result {
    run(command("wasm-opt")
        .args(FEATURES)
        .args(LOW_MEMORY)
        .args([level, "--strip-debug", "--strip-producers", "-o"])
        .args([to, from]))
}

/// Puts both halves into the site, under names that change with either, so that no cache can mix
/// versions.
fn put(site: &Path, whole: &Path, opener: &Opener, halves: &[PathBuf; 2]) -> Result {
    let halves = [fs::read(&halves[0])?, fs::read(&halves[1])?];
    let mut hasher = DefaultHasher::new();
    halves.hash(&mut hasher);
    let hash = hasher.finish();
    let first = format!("{}-{hash:016x}.wasm", opener.first);
    let rest = format!("{}-{hash:016x}.wasm", opener.rest);
    let old = whole.file_name().and_then(|it| it.to_str());
    let old = old.ok_or("the program's name is no text")?;
    for entry in fs::read_dir(site)? {
        let path = entry?.path();
        let is_element = path.ends_with("embed.js");
        let is_its = is_element == (opener.name == "player");
        if !is_its
            || !path
                .extension()
                .is_some_and(|it| it == "html" || it == "js")
        {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let mut new = text.replace(old, &first);
        if path.ends_with("index.html") {
            let told = format!("<head>\n  <meta name=\"rest\" content=\"{rest}\">");
            new = new.replacen("<head>", &told, 1);
        }
        if is_element {
            new = new.replacen(r#""rest":"""#, &format!(r#""rest":"{rest}""#), 1);
        }
        if new != text {
            fs::write(path, new)?;
        }
    }
    fs::write(site.join(first), &halves[0])?;
    Ok(fs::write(site.join(rest), &halves[1])?)
}
