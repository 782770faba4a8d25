/// Puts JSON on one line, in place.
///
/// What serde writes has no line breaks, but a `RawValue` and the events of a broker are as somebody else wrote them.
/// Text in JSON holds breaks as escapes only, so that what is replaced stands between values.
pub(crate) fn put_on_one_line(json: &mut [u8]) {
    for byte in json {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}
