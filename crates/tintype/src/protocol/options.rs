use super::{transformer::Transformer, websocket::WebSocketOptions};
use crate::body::FormLimits;

/// What a host accepts from its clients.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProtocolOptions {
    /// Whether several calls may share a request; on by default.
    pub allow_batching: bool,
    /// Most calls in one request, unknown ones included; 20 by default.
    pub max_batch_size: Option<usize>,
    /// Calls of one batch that run at the same time; 8 by default.
    pub concurrent_calls: usize,
    /// Longest path and query, in bytes; 8 KiB by default.
    pub url_bytes: Option<usize>,
    /// Whether queries and subscriptions may come by `POST`; off by default.
    ///
    /// Queries marked `sensitive` always come by `POST`.
    pub allow_method_override: bool,
    /// Tells clients to reconnect when a stream is silent for so long; off by default.
    ///
    /// The host must send pings more often.
    pub reconnect_after_inactivity_ms: Option<u64>,
    /// Whether subscriptions may come as event streams; on by default.
    pub event_streams: bool,
    /// What separates the segments of a path in URLs, beside the dot; `.` by default.
    pub path_separator: String,
    /// Whether errors carry their causes in `data.stack`; off by default, because causes are not for strangers.
    pub is_dev: bool,
    /// What one WebSocket may use.
    pub websocket: WebSocketOptions,
    /// What a form may have.
    pub form: FormLimits,
    /// How values are written; as plain JSON by default.
    pub transformer: Transformer,
}

impl Default for ProtocolOptions {
    fn default() -> Self {
        Self {
            allow_batching: true,
            max_batch_size: Some(20),
            concurrent_calls: 8,
            url_bytes: Some(8 * 1024),
            allow_method_override: false,
            reconnect_after_inactivity_ms: None,
            event_streams: true,
            path_separator: ".".to_owned(),
            is_dev: false,
            websocket: WebSocketOptions::default(),
            form: FormLimits::default(),
            transformer: Transformer::default(),
        }
    }
}
