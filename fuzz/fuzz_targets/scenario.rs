//! A scenario, out of any bytes.
#![no_main]

use fivep_fuzz::readers::Readers;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static READERS: LazyLock<Readers> = LazyLock::new(fivep_fuzz::readers);

fuzz_target!(|bytes: &[u8]| {
    let _ = READERS.scenario(bytes);
});
