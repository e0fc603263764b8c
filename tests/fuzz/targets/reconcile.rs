//! Every DaemonSet of every world that a text holds is synced.
#![no_main]

use fuzz::World;
use libfuzzer_sys::fuzz_target;
use objects::manifest;

fuzz_target!(|data: &[u8]| {
    fuzz::keep(data);
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    // Fields that no version knows are kept, so that more texts are worlds.
    let manifest = manifest::read_dump(text);
    World::of(manifest.objects.into_iter().map(|(object, _)| object)).check();
});
