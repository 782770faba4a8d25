/// What one WebSocket may use of the server, with defaults that are safe for a public server.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebSocketOptions {
    /// Most messages in one frame; 100 by default.
    ///
    /// More than over HTTP: the official client sends all calls of a moment in one frame, and cannot split them.
    pub max_batch_size: Option<usize>,
    /// Calls that run at the same time, starting subscriptions included; 32 by default. Others wait.
    pub concurrent_calls: usize,
    /// Calls that may wait; 1000 by default. Further ones fail with `TOO_MANY_REQUESTS`.
    pub waiting_calls: usize,
    /// Bytes of input that may wait; 4 MiB by default. Further calls fail with `TOO_MANY_REQUESTS`.
    pub waiting_bytes: usize,
    /// Subscriptions at the same time; 100 by default. Further ones fail with `TOO_MANY_REQUESTS`.
    pub subscriptions: usize,
    /// Frames that may wait for a client that reads slowly; 64 by default.
    ///
    /// Subscriptions are asked for their next event, and the client for its next frame, when fewer wait.
    pub queued_frames: usize,
    /// Bytes that may wait for a client that reads slowly; 1 MiB by default. One frame may be larger.
    pub queued_bytes: usize,
}

impl Default for WebSocketOptions {
    fn default() -> Self {
        Self {
            max_batch_size: Some(100),
            concurrent_calls: 32,
            waiting_calls: 1000,
            waiting_bytes: 4 * 1024 * 1024,
            subscriptions: 100,
            queued_frames: 64,
            queued_bytes: 1024 * 1024,
        }
    }
}
