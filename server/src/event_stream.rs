//! An event stream on a socket of its own, without the buffers that hyper keeps for what may follow.

use std::io::{self, Write};

use axum::response::Response;
use bytes::Buf;
use http::{HeaderName, header, response::Parts};
use http_body_util::BodyExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::connection::BoundedSocket;

/// An answer that has the connection to itself until one of the two ends.
pub(crate) struct EventStream {
    pub(crate) socket: BoundedSocket,
    pub(crate) response: Response,
}

/// The end of a body in chunks, section 7.1 of RFC 9112.
const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

impl EventStream {
    /// Writes the answer to its end, and ends with the client.
    ///
    /// # Errors
    ///
    /// If the client is gone or takes nothing for too long, or the body fails.
    pub(crate) async fn write(self) -> io::Result<()> {
        let Self { mut socket, response } = self;
        let (head, mut body) = response.into_parts();
        socket.write_all(&encode(&head)?).await?;
        drop(head);
        // A client has nothing more to say here: what arrives all the same is not kept.
        let mut unasked = [0; 64];
        loop {
            let frame = tokio::select! {
                biased;
                frame = body.frame() => frame,
                read = socket.read(&mut unasked) => match read? {
                    0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                    _ => continue,
                },
            };
            let Some(frame) = frame else { break };
            let frame = frame.map_err(io::Error::other)?;
            // A chunk without data would be the last.
            let Some(data) = frame.into_data().ok().filter(|data| !data.is_empty()) else { continue };
            let mut size = [0; 20];
            let mut rest = &mut size[..];
            write!(rest, "{:x}\r\n", data.len())?;
            let unused = rest.len();
            let size = &size[..size.len() - unused];
            let mut chunk = Buf::chain(size, data).chain(&b"\r\n"[..]);
            socket.write_all_buf(&mut chunk).await?;
        }
        socket.write_all(LAST_CHUNK).await?;
        socket.shutdown().await
    }
}

/// Headers that are about the connection, and written here.
const FRAMING: [HeaderName; 4] = [header::CONNECTION, header::CONTENT_LENGTH, header::DATE, header::TRANSFER_ENCODING];

/// The head of an answer in HTTP/1.1 whose body comes in chunks.
fn encode(head: &Parts) -> io::Result<Vec<u8>> {
    let mut encoded = Vec::with_capacity(512);
    let date = httpdate::fmt_http_date(std::time::SystemTime::now());
    write!(encoded, "HTTP/1.1 {}\r\n", head.status)?;
    for (name, value) in head.headers.iter().filter(|(name, _)| !FRAMING.contains(name)) {
        write!(encoded, "{name}: ")?;
        encoded.extend_from_slice(value.as_bytes());
        encoded.extend_from_slice(b"\r\n");
    }
    write!(encoded, "date: {date}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n")?;
    Ok(encoded)
}
