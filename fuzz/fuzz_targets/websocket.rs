//! See `tintype_fuzz::websocket`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| -> libfuzzer_sys::Corpus {
    tintype_fuzz::kept(tintype_fuzz::websocket::check(data))
});
