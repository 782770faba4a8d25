use std::time::Duration;

use tintype::FormLimits;

/// What the service accepts, with defaults that are safe for a public server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Largest request body; 1 MiB by default.
    ///
    /// The calls that read their input fail with `PAYLOAD_TOO_LARGE`; a larger body is never held in memory.
    pub body_bytes: usize,
    /// How long a request body may take to arrive; 30 s by default.
    pub body_time: Duration,
    /// Largest body of a form or of plain bytes; 16 MiB by default.
    ///
    /// Procedures read it piece by piece, so it is not held in memory.
    pub upload_bytes: usize,
    /// Longest silence of a client that sends a form or plain bytes; 30 s by default.
    pub upload_silence: Duration,
    /// How much of a body that no call has read is read after the answer; 16 MiB by default.
    ///
    /// A client that is still sending when its connection closes may never see why it was refused.
    pub unread_bytes: usize,
    /// How long that may take; 10 s by default.
    pub unread_time: Duration,
    /// What a form may have.
    pub form: FormLimits,
    /// Most calls in one batch; 20 by default.
    pub batch_calls: usize,
    /// Calls of one batch that run at the same time; 8 by default.
    pub concurrent_calls: usize,
    /// Longest path and query; 8 KiB by default.
    pub url_bytes: usize,
    /// Silence after which a stream sends a ping; 15 s by default.
    ///
    /// Half of 30 s, the shortest idle timeout of common proxies.
    pub ping_interval: Duration,
    /// Silence after which clients reconnect; 40 s by default, and more than `ping_interval`.
    pub reconnect_after_inactivity: Duration,
    /// Age at which a stream is closed so that the client connects anew, authenticated anew; 30 min by default.
    pub stream_age: Duration,
    /// How long after a shutdown the last stream is ended; 10 s by default.
    ///
    /// Each ends at a random moment until then, and a client on a WebSocket is asked to move at such a moment, so that
    /// the other instances do not get all of them at once.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            body_time: Duration::from_secs(30),
            upload_bytes: 16 * 1024 * 1024,
            upload_silence: Duration::from_secs(30),
            unread_bytes: 16 * 1024 * 1024,
            unread_time: Duration::from_secs(10),
            form: FormLimits::default(),
            batch_calls: 20,
            concurrent_calls: 8,
            url_bytes: 8 * 1024,
            ping_interval: Duration::from_secs(15),
            reconnect_after_inactivity: Duration::from_secs(40),
            stream_age: Duration::from_secs(30 * 60),
            drain_time: Duration::from_secs(10),
        }
    }
}
