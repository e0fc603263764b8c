//! `daemonset export`: a scenario as files for a real cluster.

use std::{fs, io::ErrorKind, path::Path};

use clap::ValueEnum;
use scenario::{
    Scenario,
    export::{File, Target},
};

use crate::{Failure, Found, Io};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where to write
    dir: String,
    /// The scenario to write
    scenario: String,
    /// What for
    #[arg(long, value_enum, value_name = "TARGET")]
    to: To,
    /// Write into a folder that is not empty, over files of the same names
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum To {
    /// A cluster of KWOK, with the nodes of the scenario
    Kwok,
    /// Any cluster, with the nodes that it has
    Manifests,
}

pub(crate) fn export(args: &Args, io: &mut Io<'_>) -> Result<Found, Failure> {
    let text = io.read(&args.scenario)?;
    let at = |error| Failure::At(format!("{}:{error}", args.scenario));
    let scenario = Scenario::read(&text).map_err(at)?;
    let target = match args.to {
        To::Kwok => Target::Kwok,
        To::Manifests => Target::Manifests,
    };
    let files = scenario::export::export(&scenario, target).map_err(|it| at(it.in_text(&text)))?;
    let dir = Path::new(&args.dir);
    if !args.force && !is_free(dir)? {
        return Err(Failure::Cannot(format!(
            "{} is not empty; give another folder, or --force to write into it",
            args.dir
        )));
    }
    for file in &files {
        write(dir, file)?;
        writeln!(io.stdout, "{}", dir.join(&file.path).display())?;
    }
    Ok(Found::Nothing)
}

/// Whether nothing is there that could be lost.
fn is_free(dir: &Path) -> Result<bool, Failure> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Failure::Cannot(format!(
            "cannot write to {}: {error}; give the path of a folder",
            dir.display()
        ))),
    }
}

fn write(dir: &Path, file: &File) -> Result<(), Failure> {
    let path = dir.join(&file.path);
    let folder = path.parent().unwrap_or(dir);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, &file.content));
    let written = written.and_then(|()| match file.is_program {
        true => make_runnable(&path),
        false => Ok(()),
    });
    written.map_err(|error| Failure::Cannot(format!("cannot write {}: {error}", path.display())))
}

#[cfg(unix)]
fn make_runnable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_runnable(_: &Path) -> std::io::Result<()> {
    Ok(())
}
