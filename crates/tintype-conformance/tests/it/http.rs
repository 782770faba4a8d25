//! A client that sends a request target byte for byte, and sees when each part of the answer arrives.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    sse,
    vectors::{ReadUntil, Request},
};

/// No recorded case takes so long: an answer that does not end by then hangs.
const PATIENCE: Duration = Duration::from_secs(15);

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// How much of the body was there, and since when.
    arrivals: Vec<(usize, Duration)>,
    /// Whether the server ended the body.
    pub(crate) ended: bool,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> =
            self.headers.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// When the first `length` bytes of the body were there.
    pub(crate) fn arrival(&self, length: usize) -> Option<Duration> {
        self.arrivals.iter().find(|(there, _)| *there >= length).map(|(_, time)| *time)
    }
}

/// Sends `request`; without an answer if the client leaves before one begins.
pub(crate) async fn exchange(
    address: SocketAddr,
    request: &Request,
    until: Option<ReadUntil>,
) -> Result<Option<Answer>, String> {
    let mut connection = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
    connection.write_all(&encode(address, request)?).await.map_err(|error| error.to_string())?;
    let sent = Instant::now();
    let mut reading = Reading::default();
    let rest = read(&mut connection, &mut reading, sent, until);
    match until {
        Some(ReadUntil::AfterMs(ms)) => {
            // Leaving at that time is what the case is about.
            if let Ok(result) = timeout(Duration::from_millis(ms), rest).await {
                result?;
            }
        }
        _ => timeout(PATIENCE, rest).await.map_err(|_| "the answer does not end".to_owned())??,
    }
    Ok(reading.into_answer())
}

fn encode(address: SocketAddr, request: &Request) -> Result<Vec<u8>, String> {
    let body = match (&request.body, &request.body_base64) {
        (Some(text), _) => Some(text.clone().into_bytes()),
        (None, Some(base64)) => Some(BASE64_STANDARD.decode(base64).map_err(|error| error.to_string())?),
        (None, None) => None,
    };
    let mut head = format!("{} {} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n", request.method, request.url);
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(body) = &body {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend(body.unwrap_or_default());
    Ok(bytes)
}

async fn read(
    connection: &mut TcpStream,
    reading: &mut Reading,
    sent: Instant,
    until: Option<ReadUntil>,
) -> Result<(), String> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = connection.read(&mut buffer).await.map_err(|error| error.to_string())?;
        reading.push(&buffer[..count], count == 0, sent.elapsed())?;
        if reading.ended {
            return Ok(());
        }
        if let Some(ReadUntil::Events(events)) = until
            && sse::parse(&reading.body).events.len() >= events
        {
            return Ok(());
        }
    }
}

/// An answer as far as it has arrived.
#[derive(Debug, Default)]
struct Reading {
    unread: Vec<u8>,
    head: Option<Head>,
    body: Vec<u8>,
    arrivals: Vec<(usize, Duration)>,
    ended: bool,
}

#[derive(Debug)]
struct Head {
    status: u16,
    headers: Vec<(String, String)>,
    framing: Framing,
}

#[derive(Debug, Clone, Copy)]
enum Framing {
    Nothing,
    Length(usize),
    Chunks,
    UntilClosed,
}

impl Reading {
    fn push(&mut self, bytes: &[u8], closed: bool, time: Duration) -> Result<(), String> {
        self.unread.extend_from_slice(bytes);
        if self.head.is_none() {
            let Some(end) = self.unread.windows(4).position(|window| window == b"\r\n\r\n") else {
                return if closed { Err("the connection was closed before an answer".to_owned()) } else { Ok(()) };
            };
            let head: Vec<u8> = self.unread.drain(..end + 4).collect();
            self.head = Some(parse_head(&String::from_utf8_lossy(&head))?);
        }
        let framing = self.head.as_ref().map_or(Framing::Nothing, |head| head.framing);
        match framing {
            Framing::Nothing => self.ended = true,
            Framing::Length(length) => {
                self.body.append(&mut self.unread);
                self.ended = self.body.len() >= length;
            }
            Framing::UntilClosed => {
                self.body.append(&mut self.unread);
                self.ended = closed;
            }
            Framing::Chunks => {
                while let Some(chunk) = self.next_chunk()? {
                    self.ended = chunk.is_empty();
                    self.body.extend(chunk);
                }
            }
        }
        self.arrivals.push((self.body.len(), time));
        if closed && !self.ended { Err("the connection was closed within the body".to_owned()) } else { Ok(()) }
    }

    /// Takes one whole chunk off `unread`; the empty one is the last.
    fn next_chunk(&mut self) -> Result<Option<Vec<u8>>, String> {
        if self.ended {
            return Ok(None);
        }
        let Some(line) = self.unread.windows(2).position(|window| window == b"\r\n") else { return Ok(None) };
        let size = String::from_utf8_lossy(&self.unread[..line]).into_owned();
        let size = usize::from_str_radix(&size, 16).map_err(|_| format!("{size:?} is no size of a chunk"))?;
        let end = line + 2 + size;
        if self.unread.len() < end + 2 {
            return Ok(None);
        }
        let chunk = self.unread[line + 2..end].to_vec();
        self.unread.drain(..end + 2);
        Ok(Some(chunk))
    }

    fn into_answer(self) -> Option<Answer> {
        let Head { status, headers, .. } = self.head?;
        Some(Answer { status, headers, body: self.body, arrivals: self.arrivals, ended: self.ended })
    }
}

fn parse_head(head: &str) -> Result<Head, String> {
    let mut lines = head.split("\r\n");
    let status_line = lines.next().unwrap_or_default();
    let status = status_line.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| format!("{status_line:?} is no status line"))?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let find = |name: &str| headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
    let framing = match (status, find("transfer-encoding"), find("content-length")) {
        (204 | 304, _, _) => Framing::Nothing,
        (_, Some("chunked"), _) => Framing::Chunks,
        (_, _, Some(length)) => Framing::Length(length.parse().map_err(|_| "bad content-length".to_owned())?),
        _ => Framing::UntilClosed,
    };
    Ok(Head { status, headers, framing })
}
