//! The command that the build calls.

use std::{env, fs, process::ExitCode};

const USAGE: &str = "\
usage: split shorten WASM GLUE
       split instrument WASM OUT
       split cut WASM LINKED RAN LOAD FIRST REST

shorten     gives what WASM imports of its GLUE short names, in both files
instrument  writes to OUT a module that tells which of its stretches run, and prints how many
            there are
cut         cuts WASM, which was made from LINKED, in two: FIRST with what ran by RAN, a byte for
            each stretch, and REST, which the imported function LOAD is to load";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args[..] {
        ["shorten", wasm, glue] => shorten(wasm, glue),
        ["instrument", wasm, out] => instrument(wasm, out),
        ["cut", wasm, linked, ran, load, first, rest] => {
            cut([wasm, linked, ran], load, first, rest)
        }
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn shorten(wasm: &str, glue: &str) -> Result<(), String> {
    let code = String::from_utf8(read(glue)?).map_err(|error| format!("{glue}: {error}"))?;
    let (program, code) = split::shorten(&read(wasm)?, &code).map_err(text)?;
    write(wasm, &program)?;
    write(glue, code.as_bytes())
}

fn instrument(wasm: &str, out: &str) -> Result<(), String> {
    let (instrumented, stretches) = split::instrument(&read(wasm)?).map_err(text)?;
    write(out, &instrumented)?;
    println!("{stretches}");
    Ok(())
}

fn cut(files: [&str; 3], load: &str, first: &str, rest: &str) -> Result<(), String> {
    let [wasm, linked, ran] = files;
    let ran: Vec<bool> = read(ran)?.into_iter().map(|it| it != 0).collect();
    let split = split::split(&read(wasm)?, &read(linked)?, &ran, load).map_err(text)?;
    write(first, &split.first)?;
    write(rest, &split.rest)
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{path}: {error}"))
}

fn write(path: &str, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{path}: {error}"))
}

fn text(error: split::Error) -> String {
    error.to_string()
}
