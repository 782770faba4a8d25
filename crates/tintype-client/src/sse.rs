//! Reads event streams as a browser's `EventSource` does, whatever the bytes, within a limit.

use std::{collections::VecDeque, time::Duration};

/// One event, or the end of a block that only told an id.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The name of the event; empty for a message.
    pub(crate) event: String,
    /// Its data; `None` if the block had no line of data, which makes it no event.
    pub(crate) data: Option<Vec<u8>>,
    /// What the block says of the last event id; empty to forget it.
    pub(crate) id: Option<String>,
    /// How long to wait before the next connection, if the block says so.
    pub(crate) retry: Option<Duration>,
}

/// An event that is larger than allowed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// Takes bytes as they come, and makes frames of them.
#[derive(Debug)]
pub(crate) struct EventParser {
    limit: usize,
    line: Vec<u8>,
    frame: Frame,
    /// The bytes that the frame holds so far.
    size: usize,
    is_first_line: bool,
    /// The last byte was CR, so that a LF is part of the same line end.
    after_cr: bool,
}

impl EventParser {
    /// A parser that takes events of at most `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, line: Vec::new(), frame: Frame::default(), size: 0, is_first_line: true, after_cr: false }
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Adds the frames that `bytes` complete to `frames`.
    pub(crate) fn push(&mut self, mut bytes: &[u8], frames: &mut VecDeque<Frame>) -> Result<(), TooLarge> {
        if self.after_cr && !bytes.is_empty() {
            self.after_cr = false;
            bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        while let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.extend_line(&bytes[..end])?;
            let rest = &bytes[end + 1..];
            bytes = match (bytes[end], rest) {
                (b'\r', []) => {
                    self.after_cr = true;
                    rest
                }
                (b'\r', rest) => rest.strip_prefix(b"\n").unwrap_or(rest),
                _ => rest,
            };
            frames.extend(self.end_line());
        }
        self.extend_line(bytes)
    }

    fn extend_line(&mut self, bytes: &[u8]) -> Result<(), TooLarge> {
        if self.size + self.line.len() + bytes.len() > self.limit {
            return Err(TooLarge);
        }
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn end_line(&mut self) -> Option<Frame> {
        let line = std::mem::take(&mut self.line);
        let mut text = line.as_slice();
        if std::mem::take(&mut self.is_first_line) {
            text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        }
        if text.is_empty() {
            self.size = 0;
            let frame = std::mem::take(&mut self.frame);
            return (frame != Frame::default()).then_some(frame);
        }
        let (name, value) = match text.iter().position(|byte| *byte == b':') {
            Some(colon) => (&text[..colon], &text[colon + 1..]),
            None => (text, &[][..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        self.field(name, value);
        None
    }

    fn field(&mut self, name: &[u8], value: &[u8]) {
        let text = || String::from_utf8_lossy(value).into_owned();
        match name {
            b"data" => {
                let data = match &mut self.frame.data {
                    Some(data) => {
                        data.push(b'\n');
                        data
                    }
                    none => none.insert(Vec::new()),
                };
                data.extend_from_slice(value);
                self.size += value.len() + 1;
            }
            b"event" => self.frame.event = text(),
            // The specification leaves an id with NUL out.
            b"id" if !value.contains(&b'\0') => self.frame.id = Some(text()),
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                self.frame.retry = text().parse().ok().map(Duration::from_millis);
            }
            // A comment, or a field that nobody knows.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(limit: usize, pieces: &[&[u8]]) -> Result<Vec<Frame>, TooLarge> {
        let mut parser = EventParser::new(limit);
        let mut frames = VecDeque::new();
        for piece in pieces {
            parser.push(piece, &mut frames)?;
        }
        Ok(frames.into())
    }

    fn check(text: &str, expected: &[Frame]) {
        let whole = parse(1000, &[text.as_bytes()]).unwrap();
        assert_eq!(whole, expected, "{text:?}");
        let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(parse(1000, &bytes).unwrap(), expected, "byte by byte: {text:?}");
        for cut in 0..text.len() {
            let (a, b) = text.as_bytes().split_at(cut);
            assert_eq!(parse(1000, &[a, b]).unwrap(), expected, "cut at {cut}: {text:?}");
        }
    }

    fn message(data: &str) -> Frame {
        Frame { data: Some(data.into()), ..Frame::default() }
    }

    #[test]
    fn lines_end_in_three_ways() {
        for text in ["data: 1\n\ndata: 2\n\n", "data: 1\r\n\r\ndata: 2\r\n\r\n", "data: 1\r\rdata: 2\r\r"] {
            check(text, &[message("1"), message("2")]);
        }
    }

    #[test]
    fn a_field_is_a_name_and_a_value_after_one_space() {
        check("data:1\n\n", &[message("1")]);
        check("data:  1\n\n", &[message(" 1")]);
        check("data\n\n", &[message("")]);
        check("data: a:b\n\n", &[message("a:b")]);
        check("data: a\ndata: b\ndata\n\n", &[message("a\nb\n")]);
        check("\u{feff}data: 1\n\n", &[message("1")]);
    }

    #[test]
    fn an_event_has_a_name_and_an_id() {
        let event = Frame { event: "ping".into(), data: Some(vec![]), id: Some("7".into()), retry: None };
        check("event: ping\ndata: \nid: 7\n\n", &[event]);
        check("id: 7\n\n", &[Frame { id: Some("7".into()), ..Frame::default() }]);
        check("id: \ndata: 1\n\n", &[Frame { id: Some(String::new()), ..message("1") }]);
        check("id: a\0b\ndata: 1\n\n", &[message("1")]);
    }

    #[test]
    fn what_says_nothing_is_no_frame() {
        check("", &[]);
        check("\n\n\n", &[]);
        check(": comment\n\n", &[]);
        check("unknown: 1\nDATA: 1\n\n", &[]);
        check("data: an event without an end\n", &[]);
    }

    #[test]
    fn a_server_says_how_long_to_wait() {
        check("retry: 1500\n\n", &[Frame { retry: Some(Duration::from_millis(1500)), ..Frame::default() }]);
        for nonsense in ["retry: soon\n\n", "retry: -1\n\n", "retry:\n\n", "retry: 99999999999999999999\n\n"] {
            check(nonsense, &[]);
        }
    }

    #[test]
    fn an_event_may_be_as_large_as_the_limit_and_no_larger() {
        let fits = b"data: 12345\n\n";
        assert_eq!(parse(11, &[fits, fits]).unwrap(), [message("12345"), message("12345")]);
        assert_eq!(parse(10, &[fits]), Err(TooLarge));
        assert_eq!(parse(20, &[b"data: 1234567\n", b"data: 1234567\n"]), Err(TooLarge));
        assert_eq!(parse(10, &[b"data: 1", b"2345"]), Err(TooLarge), "a line that never ends");
        assert_eq!(parse(10, &[b":234567890", b":\n"]), Err(TooLarge), "a comment that never ends");
        let pings = b":\n".repeat(1000);
        assert_eq!(parse(10, &[&pings]).unwrap(), []);
    }

    #[test]
    fn any_bytes_at_all_are_read_without_a_panic() {
        let mut state = 7_u32;
        let alphabet = b"data:id event\r\n\n\n \0\xff\xef\xbb\xbf1";
        for length in 0..400 {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    alphabet[(state >> 16) as usize % alphabet.len()]
                })
                .collect();
            let whole = parse(10_000, &[&bytes]).unwrap();
            let pieces: Vec<&[u8]> = bytes.chunks(3).collect();
            assert_eq!(parse(10_000, &pieces).unwrap(), whole, "{bytes:?}");
        }
    }
}
