//! See `tintype_fuzz::documents`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| -> libfuzzer_sys::Corpus {
    tintype_fuzz::kept(tintype_fuzz::documents::check(data))
});
