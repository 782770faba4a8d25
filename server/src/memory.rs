/// Asks the system to give memory in small pages, before much of it is used.
///
/// Each connection has buffers of 8 KiB of which it uses a few hundred bytes: with huge pages all of them would be
/// resident, with small ones only what is used. A server of many idle streams needs half the memory that way.
pub fn use_small_pages() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(true) {
        tracing::debug!(%error, "huge pages could not be turned off");
    }
}
