//! Cuts the page's WASM in two: what runs until the first step, and the rest.
//!
//! First [`instrument`] the module and let it run up to where the rest may be waited for; then
//! [`split`] it by what ran. Nothing changes in what the program does: what did not run while it was
//! recorded is loaded when it is first called, if the host has not loaded it before.

mod alike;
mod cut;
mod data;
mod names;
mod outline;
mod record;
mod stretches;
#[cfg(test)]
mod tests;

use std::fmt;

use walrus::{FunctionId, Module, ModuleConfig};

pub use names::shorten;
pub use record::{FUNCTION as RAN_FUNCTION, MODULE as RAN_MODULE};

/// The two modules.
#[derive(Debug, Clone)]
pub struct Split {
    /// In place of the whole: it has the same imports and exports, and exports more for the rest.
    pub first: Vec<u8>,
    /// To be instantiated with the exports of the first as its imports of `first`; its functions,
    /// which are named by number, with what is in these slots of the table `slots`.
    pub rest: Vec<u8>,
}

/// Why a module cannot be cut.
#[derive(Debug)]
pub enum Error {
    /// It is no valid module.
    Wasm(String),
    /// It has no table of functions.
    NoTable,
    /// The linker was not told to say what addresses are for.
    NotLinked,
    /// It fills its table otherwise than compilers do.
    Elements,
    /// Its glue does not have a property of this name once; or has it where the name is to be new.
    Glue(String),
    /// It does not import the function that loads the rest.
    NoLoad(String),
    /// Not what the instrumented module counts: so many stretches there, so many here.
    OtherModule {
        /// Of which it was told whether they ran.
        told: usize,
        /// In the module.
        found: usize,
    },
}

impl Error {
    fn wasm(error: impl fmt::Display) -> Self {
        Self::Wasm(error.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wasm(error) => write!(f, "no module: {error}"),
            Self::NoTable => write!(f, "the module has no table of functions"),
            Self::NotLinked => write!(f, "the module was not linked with --emit-relocs"),
            Self::Elements => write!(
                f,
                "the module fills its table in a way that is not known here"
            ),
            Self::Glue(name) => write!(
                f,
                "the property {name} of the glue is missing, there twice, or taken"
            ),
            Self::NoLoad(name) => write!(f, "the module imports no function named {name}"),
            Self::OtherModule { told, found } => write!(
                f,
                "the record is of a module with {told} stretches, this one has {found}"
            ),
        }
    }
}

impl std::error::Error for Error {}

fn parse(wasm: &[u8]) -> Result<Module, Error> {
    ModuleConfig::new().parse(wasm).map_err(Error::wasm)
}

/// The module with a call of `first-step` `ran(number)` before each of its stretches, and how many
/// there are.
pub fn instrument(wasm: &[u8]) -> Result<(Vec<u8>, usize), Error> {
    let mut module = parse(wasm)?;
    let count = record::instrument(&mut module);
    Ok((module.emit_wasm(), count))
}

/// Cuts a module in two. `linked` is what it was made from, as the linker wrote it with
/// `--emit-relocs`, with the same data; `ran` says of each stretch whether it ran; `load` is the
/// name of the imported function that loads the rest.
pub fn split(wasm: &[u8], linked: &[u8], ran: &[bool], load: &str) -> Result<Split, Error> {
    split_with(wasm, ran, load, &data::Layout::of(linked)?)
}

fn split_with(
    wasm: &[u8],
    ran: &[bool],
    load: &str,
    layout: &data::Layout,
) -> Result<Split, Error> {
    let mut module = parse(wasm)?;
    let functions = module.funcs.iter_local();
    let found = functions
        .map(|(_, it)| stretches::stretches(it).len())
        .sum();
    if found != ran.len() {
        let told = ran.len();
        return Err(Error::OtherModule { told, found });
    }
    let load = imported(&module, load)?;
    let mut rest = outline::outline(&mut module, ran);
    alike::merge(&mut module, &mut rest);
    cut::cut(module, &rest, load, layout)
}

fn imported(module: &Module, name: &str) -> Result<FunctionId, Error> {
    module
        .imports
        .iter()
        .find_map(|import| match import.kind {
            walrus::ImportKind::Function(id) if import.name == name => Some(id),
            _ => None,
        })
        .ok_or_else(|| Error::NoLoad(name.to_owned()))
}
