//! No text makes the reader or the checks panic, and what was read reads the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use objects::{Object, manifest};

fuzz_target!(|data: &[u8]| {
    fuzz::keep(data);
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for (object, _) in manifest::lint(text).objects {
        check_written(&object);
        let mut defaulted = object;
        defaulted.default();
        check_written(&defaulted);
        let mut again = defaulted.clone();
        again.default();
        assert_eq!(again, defaulted, "defaulting once more changes something");
    }
});

fn check_written(object: &Object) {
    let value = object.to_value();
    let again = Object::from_value(value.clone());
    assert_eq!(again.as_ref(), Ok(object), "it was written as {value}");
}
