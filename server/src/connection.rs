//! What one connection may cost: how long its client may take nothing, and how much waits for it in the kernel.

use std::{
    pin::{Pin, pin},
    time::Duration,
};

use socket2::SockRef;
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutWriter;
use tokio_util::sync::CancellationToken;

/// What the accept loop allows its connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Connections open at the same time; further ones wait in the kernel's queue. 10,000 by default, at least one.
    pub connections: usize,
    /// Longest time for which a client may take nothing of what is written to it; 30 s by default.
    ///
    /// Then its connection is closed, and a client that still wants the stream resumes on another one.
    /// A write makes progress when the kernel has room for more, which is about a third of its buffer at a time, so a
    /// client that reads slower than that is closed as well.
    pub stall_time: Duration,
    /// Bytes written that the kernel keeps for a client until it has them; 128 KiB by default.
    ///
    /// Left to itself, Linux lets them grow to 4 MiB for each client that does not read.
    /// It takes the number twice, for its own bookkeeping.
    pub send_buffer_bytes: usize,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self { connections: 10_000, stall_time: Duration::from_secs(30), send_buffer_bytes: 128 * 1024 }
    }
}

/// A socket on which a write that makes no progress fails.
pub(crate) type BoundedSocket = Pin<Box<TimeoutWriter<TcpStream>>>;

/// Applies `limits` to `socket`.
pub(crate) fn bounded(socket: TcpStream, limits: &ConnectionLimits) -> BoundedSocket {
    if let Err(error) = set_options(&socket, limits) {
        // It works without, within the bounds of the system.
        tracing::debug!(%error, "the options of a socket could not be set");
    }
    let mut socket = TimeoutWriter::new(socket);
    socket.set_timeout(Some(limits.stall_time));
    Box::pin(socket)
}

fn set_options(socket: &TcpStream, limits: &ConnectionLimits) -> std::io::Result<()> {
    // Small frames of event streams must not wait for acknowledgements.
    socket.set_nodelay(true)?;
    let socket = SockRef::from(socket);
    socket.set_send_buffer_size(limits.send_buffer_bytes)?;
    // For a client whose machine is gone, which is also noticed when nothing waits to be written any more.
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(limits.stall_time))?;
    Ok(())
}

/// What a client speaks, as the first bytes that it sends say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    Http1,
    Http2,
}

/// The beginning of every connection of HTTP/2, section 3.4 of RFC 9113.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Looks at what arrives without taking it; `None` if the client leaves.
///
/// `hyper_util` would take these bytes and give them back, for twice the buffer and without a limit of time.
pub(crate) async fn version(socket: &TcpStream) -> Option<Version> {
    let mut start = [0; PREFACE.len()];
    loop {
        let length = socket.peek(&mut start).await.ok().filter(|length| *length > 0)?;
        if !PREFACE.starts_with(&start[..length]) {
            return Some(Version::Http1);
        }
        if length == PREFACE.len() {
            return Some(Version::Http2);
        }
        // What has been looked at counts as arrived, so the rest cannot be waited for otherwise.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Drives a connection to its end; `drain` lets it finish what it has begun when `shutdown` fires.
pub(crate) async fn drained<C: Future>(
    connection: C,
    shutdown: &CancellationToken,
    drain: impl FnOnce(Pin<&mut C>),
) -> C::Output {
    let mut connection = pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return ended,
        () = shutdown.cancelled() => drain(connection.as_mut()),
    }
    connection.await
}
