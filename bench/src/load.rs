//! What else the machine does.

/// The load average of the last minute, as the end of a phrase; nothing where it is not known.
pub(crate) fn in_words() -> String {
    let average = std::fs::read_to_string("/proc/loadavg").ok();
    let minute = average.as_deref().and_then(|text| text.split(' ').next());
    minute.map_or_else(String::new, |minute| format!(", at a load of {minute}"))
}
