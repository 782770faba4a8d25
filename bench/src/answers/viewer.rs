//! Somebody who reads an answer as it is written, and counts.

use std::net::SocketAddr;

use anyhow::bail;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::provider::{Speech, WORD_BYTES};

/// An open stream of a conversation.
pub(super) struct Viewer(BufReader<TcpStream>);

/// What a viewer has seen of an answer.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Events with pieces of it.
    pub(super) pieces: u64,
    /// How long each word took from the provider, in tenths of a millisecond.
    pub(super) delays: Vec<u32>,
    /// Bytes that were missing where a piece belonged, or came twice.
    pub(super) wrong_bytes: usize,
}

impl Viewer {
    /// Opens the stream of a conversation, and reads its beginning.
    pub(super) async fn open(server: SocketAddr, cookie: &str, session: &str) -> anyhow::Result<Self> {
        let mut socket = TcpStream::connect(server).await?;
        let input = format!("%7B%22sessionId%22%3A%22{session}%22%7D");
        let request = format!(
            "GET /trpc/chat.subscribe?input={input} HTTP/1.1\r\nhost: {server}\r\ncookie: {cookie}\r\n\
             accept: text/event-stream\r\n\r\n"
        );
        socket.write_all(request.as_bytes()).await?;
        let mut viewer = Self(BufReader::new(socket));
        while !viewer.line().await?.starts_with(b"data: {\"kind\":\"snapshot\"") {}
        Ok(viewer)
    }

    /// Reads an answer to its end.
    pub(super) async fn read(mut self, speech: Speech) -> anyhow::Result<Seen> {
        let mut seen = Seen { delays: Vec::with_capacity(speech.words), ..Seen::default() };
        let mut bytes = 0;
        loop {
            let line = self.line().await?;
            let Some(event) = line.strip_prefix(b"data: ") else { continue };
            if event.starts_with(b"{\"kind\":\"delta\"") {
                let now = speech.now();
                let event = std::str::from_utf8(event)?;
                let offset: usize = field(event, "\"offset\":").parse()?;
                let text = field(event, "\"text\":\"");
                seen.pieces += 1;
                seen.wrong_bytes += offset.abs_diff(bytes);
                bytes = offset + text.len();
                for word in text.split_ascii_whitespace() {
                    seen.delays.push(now.saturating_sub(word.parse()?));
                }
            } else if memchr::memmem::find(event, b"\"role\":\"assistant\"").is_some() {
                seen.wrong_bytes += (speech.words * WORD_BYTES).abs_diff(bytes);
                return Ok(seen);
            } else if memchr::memmem::find(event, b"\"state\":\"failed\"").is_some() {
                bail!("an answer failed: {}", String::from_utf8_lossy(event));
            }
        }
    }

    async fn line(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut line = Vec::new();
        if self.0.read_until(b'\n', &mut line).await? == 0 {
            bail!("the stream of a conversation ended");
        }
        Ok(line)
    }
}

/// The number or the text behind `name`, in which nothing is escaped.
fn field<'a>(event: &'a str, name: &str) -> &'a str {
    let value = event.split_once(name).map_or("", |(_, value)| value);
    value.split_once(['"', ',', '}']).map_or(value, |(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_out_of_an_event() {
        let event = r#"{"kind":"delta","runId":"x","offset":16,"text":"0000123 0000456 "}"#;

        assert_eq!(field(event, "\"offset\":"), "16");
        assert_eq!(field(event, "\"text\":\""), "0000123 0000456 ");
    }
}
