//! `cargo xtask serve`: the page, served while it is worked on.

use std::{
    fs,
    io::{self, ErrorKind},
    net::{Ipv4Addr, TcpListener},
    process::Command,
};

use crate::{Result, dist, setup, trunk::trunk, unknown_argument};

pub(crate) const USAGE: &str = "\
usage: cargo xtask serve [--port N] [--open] [--release]

Builds the page, serves it on 127.0.0.1 and reloads it when a file changes.
  --port N    serve on this port (default: 8080)
  --open      open the page in a browser
  --release   build as for `cargo xtask dist`: slower to build, faster to run";

/// Apart from `dist`, which thus always holds a release build.
const DIRECTORY: &str = "target/serve";

struct Options {
    port: u16,
    open: bool,
    release: bool,
}

pub(crate) fn run(args: &[String]) -> Result {
    let Options {
        port,
        open,
        release,
    } = parse(args)?;
    check_port(port)?;
    setup::page_tools()?;
    // Trunk refuses to ignore changes in a directory that does not exist.
    for directory in [DIRECTORY, dist::DIRECTORY] {
        fs::create_dir_all(directory)?;
    }

    println!("http://127.0.0.1:{port}/ once it is built; Ctrl-C ends it");
    let mut trunk = trunk("serve")?;
    trunk.args(["--port", &port.to_string(), "--dist", DIRECTORY]);
    if open {
        trunk.arg("--open");
    }
    if release {
        trunk.arg("--release");
    }
    become_command(&mut trunk)
}

fn parse(args: &[String]) -> Result<Options> {
    let mut options = Options {
        port: 8080,
        open: false,
        release: false,
    };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--open" => options.open = true,
            "--release" => options.release = true,
            "--port" => {
                options.port = args
                    .next()
                    .and_then(|port| port.parse().ok())
                    .filter(|port| *port > 0)
                    .ok_or("--port takes a number from 1 to 65535")?;
            }
            other => return Err(unknown_argument(other, USAGE)),
        }
    }
    Ok(options)
}

/// Trunk would find out only after the build.
fn check_port(port: u16) -> Result {
    let Err(error) = bind(port) else {
        return Ok(());
    };
    let another = (port..u16::MAX)
        .map(|port| port + 1)
        .find(|port| bind(*port).is_ok());
    let advice = match another {
        Some(another) => format!("try `cargo xtask serve --port {another}`"),
        None => "try a lower `--port`".to_owned(),
    };
    Err(match error.kind() {
        ErrorKind::AddrInUse => format!("port {port} is taken by another program: {advice}"),
        _ => format!("cannot serve on port {port} ({error}): {advice}"),
    }
    .into())
}

fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

/// Goes on as the command, so that Ctrl-C and the exit code are its own.
#[cfg(unix)]
fn become_command(command: &mut Command) -> Result {
    use std::os::unix::process::CommandExt;

    Err(format!("cannot run trunk: {}", command.exec()).into())
}

#[cfg(not(unix))]
fn become_command(command: &mut Command) -> Result {
    crate::process::run(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_and_another_proposed() {
        let listener = bind(0).expect("some port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let error = check_port(port).expect_err("it is taken").to_string();
        assert!(
            error.starts_with(&format!("port {port} is taken")),
            "{error}"
        );
        assert!(error.contains("--port"), "{error}");
    }

    #[test]
    fn a_port_is_a_number_from_1() {
        let port = |value: &str| parse(&["--port".to_owned(), value.to_owned()]);
        assert_eq!(port("81").expect("a port").port, 81);
        assert!(port("0").is_err());
        assert!(port("many").is_err());
    }
}
