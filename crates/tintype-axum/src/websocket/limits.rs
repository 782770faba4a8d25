use std::time::Duration;

use tintype::protocol::WebSocketOptions;

/// What the service accepts over WebSockets, with defaults that are safe for a public server.
///
/// How old a connection becomes is in [`Limits::stream_age`](crate::Limits::stream_age).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSocketLimits {
    /// Connections at the same time; 10 000 by default. Further ones are refused with 503.
    pub connections: usize,
    /// Largest message of a client; 1 MiB by default. A larger one ends the connection.
    pub message_bytes: usize,
    /// Most messages in one frame; 100 by default.
    ///
    /// More than over HTTP: the official client sends all calls of a moment in one frame, and cannot split them.
    pub batch_messages: usize,
    /// Calls of one connection that run at the same time; 32 by default. Others wait.
    pub concurrent_calls: usize,
    /// Calls of one connection that may wait; 1000 by default. Further ones fail with `TOO_MANY_REQUESTS`.
    pub waiting_calls: usize,
    /// Subscriptions of one connection; 100 by default. Further ones fail with `TOO_MANY_REQUESTS`.
    pub subscriptions: usize,
    /// How the service finds out that a silent client is gone; on by default.
    pub keep_alive: Option<KeepAlive>,
    /// How long a client that announces connection params may take to send them; 30 s by default.
    pub params_time: Duration,
    /// How long the client may take to read a MiB, or less, that waits for it; 30 s by default. A slower one is cut off.
    pub send_time: Duration,
    /// How long a client that was asked to move may take to do so; 5 s by default.
    ///
    /// Until then its connection answers calls and sends no events: these come on the new connection, and so they come
    /// once. A client that has not moved by then gets them here after all.
    pub move_time: Duration,
    /// How long a connection goes on after its client was asked to move, at its age or a shutdown; 10 s by default.
    pub grace: Duration,
}

/// When a silent client is asked whether it is there, and how long it has to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeepAlive {
    /// Silence after which the service sends a `PING`; 30 s by default.
    pub interval: Duration,
    /// How long the client may take to say anything; 5 s by default. Then it is cut off.
    pub wait: Duration,
}

impl Default for KeepAlive {
    fn default() -> Self {
        Self { interval: Duration::from_secs(30), wait: Duration::from_secs(5) }
    }
}

impl Default for WebSocketLimits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            message_bytes: 1024 * 1024,
            batch_messages: 100,
            concurrent_calls: 32,
            waiting_calls: 1000,
            subscriptions: 100,
            keep_alive: Some(KeepAlive::default()),
            params_time: Duration::from_secs(30),
            send_time: Duration::from_secs(30),
            move_time: Duration::from_secs(5),
            grace: Duration::from_secs(10),
        }
    }
}

impl WebSocketLimits {
    /// How long the client may take to read so much.
    pub(crate) fn time_to_send(&self, bytes: usize) -> Duration {
        let mebibytes = u32::try_from(bytes / (1024 * 1024)).unwrap_or(u32::MAX);
        self.send_time.saturating_mul(mebibytes.saturating_add(1))
    }

    /// The part that the protocol keeps by itself.
    pub(crate) fn options(&self) -> WebSocketOptions {
        let mut options = WebSocketOptions::default();
        options.max_batch_size = Some(self.batch_messages);
        options.concurrent_calls = self.concurrent_calls;
        options.waiting_calls = self.waiting_calls;
        options.subscriptions = self.subscriptions;
        options
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_larger_may_take_longer() {
        let limits = WebSocketLimits { send_time: Duration::from_secs(30), ..WebSocketLimits::default() };

        assert_eq!(limits.time_to_send(1000), Duration::from_secs(30));
        assert_eq!(limits.time_to_send(10 * 1024 * 1024), Duration::from_secs(330));
        let endless = WebSocketLimits { send_time: Duration::MAX, ..WebSocketLimits::default() };
        assert_eq!(endless.time_to_send(usize::MAX), Duration::MAX);
    }
}
