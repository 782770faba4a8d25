//! See `tintype_fuzz::sse`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| -> libfuzzer_sys::Corpus {
    tintype_fuzz::kept(tintype_fuzz::sse::check(data))
});
