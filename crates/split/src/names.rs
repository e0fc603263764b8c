//! Short names for what a module imports of its glue.
//!
//! wasm-bindgen gives each function of JavaScript a long name with a hash, so that those of several
//! crates cannot clash. In a program that is linked nothing can: the names are only sent to every
//! reader, twice, and a hash cannot be compressed.

use std::collections::BTreeMap;

use crate::{Error, parse};

/// What wasm-bindgen calls the glue as a module.
const GLUE: &str = "./web_bg.js";

/// The module, and its glue, with short names for what the one imports of the other.
///
/// # Errors
/// If the glue does not have each of the names once, as a property.
pub fn shorten(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String), Error> {
    let mut module = parse(wasm)?;
    let imports = module.imports.iter().filter(|it| it.module == GLUE);
    let mut places = Vec::new();
    for import in imports {
        let name = import.name.clone();
        match property(glue, &name) {
            Some(at) => places.push((at, name)),
            None => return Err(Error::Glue(name)),
        }
    }
    // By their order in the glue: what is the same glue before is the same after, and can keep the
    // name of its file, however the module orders its imports.
    places.sort();
    let mut names = BTreeMap::new();
    let (mut shortened, mut end) = (String::with_capacity(glue.len()), 0);
    for (number, (at, name)) in places.into_iter().enumerate() {
        let new = short(number);
        if property(glue, &new).is_some() {
            return Err(Error::Glue(new));
        }
        shortened.push_str(&glue[end..at]);
        shortened.push_str(&new);
        end = at + name.len();
        names.insert(name, new);
    }
    shortened.push_str(&glue[end..]);
    for import in module.imports.iter_mut().filter(|it| it.module == GLUE) {
        if let Some(new) = names.get(&import.name) {
            import.name.clone_from(new);
        }
    }
    Ok((module.emit_wasm(), shortened))
}

/// Where an object's property of this name begins, if there is one and no more.
fn property(code: &str, name: &str) -> Option<usize> {
    let is_one = |at: &usize| {
        let before = code[..*at].trim_end().chars().next_back();
        let after = code[at + name.len()..].trim_start().chars().next();
        matches!(before, Some('{' | ',')) && matches!(after, Some(':' | '('))
    };
    let mut found = code.match_indices(name).map(|(at, _)| at).filter(is_one);
    found.next().filter(|_| found.next().is_none())
}

/// Short names that begin as no name in a program does.
fn short(mut number: usize) -> String {
    const DIGITS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut name = String::from("$");
    loop {
        name.push(char::from(DIGITS[number % DIGITS.len()]));
        number /= DIGITS.len();
        if number == 0 {
            return name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: &str = r#"(module
      (import "./web_bg.js" "__wbg_log_ab12" (func (param i32)))
      (import "./rest.js" "loadRest" (func))
      (import "./web_bg.js" "__wbg_log_ab12cd" (func)))"#;

    fn shortened(glue: &str) -> Result<(Vec<String>, String), Error> {
        let wasm = wat::parse_str(PROGRAM).unwrap();
        let (wasm, glue) = shorten(&wasm, glue)?;
        let module = parse(&wasm)?;
        let names = module.imports.iter().map(|it| it.name.clone()).collect();
        Ok((names, glue))
    }

    #[test]
    fn both_sides_get_the_same_names() {
        let glue = "{__wbg_log_ab12cd() {}, __wbg_log_ab12: function(a) { x.__wbg_log_ab12(a); }}";
        let (names, glue) = shortened(glue).unwrap();
        assert_eq!(names, ["$b", "loadRest", "$a"]);
        assert_eq!(glue, "{$a() {}, $b: function(a) { x.__wbg_log_ab12(a); }}");
    }

    #[test]
    fn a_name_that_the_glue_lacks_or_has_twice_is_told() {
        let lacks = shortened("{__wbg_log_ab12: a}");
        assert!(matches!(lacks, Err(Error::Glue(name)) if name == "__wbg_log_ab12cd"));
        let twice = shortened("{__wbg_log_ab12: a, __wbg_log_ab12: b, __wbg_log_ab12cd: c}");
        assert!(matches!(twice, Err(Error::Glue(name)) if name == "__wbg_log_ab12"));
        let taken = shortened("{$a: a, __wbg_log_ab12: b, __wbg_log_ab12cd: c}");
        assert!(matches!(taken, Err(Error::Glue(name)) if name == "$a"));
    }
}
