//! Keeps in the program what the linker knew of its data, for the build to cut it in two.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_CFG_TARGET_FAMILY").is_some_and(|it| it == "wasm") {
        println!("cargo::rustc-link-arg-bin=web=--emit-relocs");
    }
}
