//! The tools that are installed, and their versions.
//!
//! The npm packages are pinned in `web/editor/package.json`, the other
//! documentation tools in `tests/docs`.

/// A tool that `cargo install` builds.
pub(crate) struct CargoTool {
    /// The crate's name.
    pub(crate) package: &'static str,
    /// The program that is asked for its version.
    pub(crate) program: &'static str,
    pub(crate) version: &'static str,
    /// How long the installation takes on a small machine.
    pub(crate) takes: &'static str,
}

pub(crate) const TRUNK: CargoTool = CargoTool {
    package: "trunk",
    program: "trunk",
    version: "0.21.14",
    takes: "5 to 9 minutes",
};

/// Must be the version of the `wasm-bindgen` crate in `Cargo.lock`: the two
/// speak a private format.
pub(crate) const WASM_BINDGEN: CargoTool = CargoTool {
    package: "wasm-bindgen-cli",
    program: "wasm-bindgen",
    version: "0.2.130",
    takes: "about 2 minutes",
};

pub(crate) const CARGO_FUZZ: CargoTool = CargoTool {
    package: "cargo-fuzz",
    program: "cargo-fuzz",
    version: "0.13.2",
    takes: "about 1 minute",
};

pub(crate) const MDBOOK: CargoTool = CargoTool {
    package: "mdbook",
    program: "mdbook",
    version: "0.5.4",
    takes: "3 to 5 minutes",
};

pub(crate) const GECKODRIVER: CargoTool = CargoTool {
    package: "geckodriver",
    program: "geckodriver",
    version: "0.37.1",
    takes: "1 to 3 minutes",
};

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The oldest Node that will do.
pub(crate) const NODE_MAJOR: u32 = 20;

#[cfg(test)]
mod tests {
    use super::WASM_BINDGEN;

    #[test]
    fn the_wasm_bindgen_cli_is_of_the_locked_version() {
        let lock = include_str!("../../../Cargo.lock");
        let locked = lock
            .split("[[package]]")
            .find(|package| package.contains("name = \"wasm-bindgen\"\n"))
            .expect("the page is built with wasm-bindgen");
        let version = format!("version = \"{}\"\n", WASM_BINDGEN.version);
        assert!(
            locked.contains(&version),
            "pinned: {version}locked:{locked}"
        );
    }
}
