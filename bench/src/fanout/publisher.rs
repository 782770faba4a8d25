use std::net::SocketAddr;

use anyhow::ensure;
use futures_util::future::try_join_all;
use serde_json::json;

use super::{MARK, ROOM};
use crate::http::Connection;

/// Publishes messages as a client does: by requests, on connections that stay open.
pub(super) struct Publisher {
    connections: Vec<Connection>,
    path: String,
    text: String,
    sent: u32,
}

impl Publisher {
    /// One that publishes up to `at_once` messages at the same time, each with a text of `text_bytes`.
    pub(super) async fn open(
        address: SocketAddr,
        path: &str,
        at_once: usize,
        text_bytes: usize,
    ) -> anyhow::Result<Self> {
        let connections = try_join_all((0..at_once).map(|_| Connection::open(address))).await?;
        let mut text = String::from(char::from(MARK));
        text.push_str(&"x".repeat(text_bytes.saturating_sub(1)));
        Ok(Self { connections, path: path.to_owned(), text, sent: 0 })
    }

    /// Publishes one message on every connection, and returns when all are acknowledged.
    pub(super) async fn publish(&mut self) -> anyhow::Result<()> {
        let first = self.sent;
        self.sent += u32::try_from(self.connections.len())?;
        let (path, text) = (&self.path, &self.text);
        let sending = self.connections.iter_mut().zip(first..).map(|(connection, seq)| async move {
            let body = json!({ "room": ROOM, "seq": seq, "t": 0, "text": text }).to_string();
            let response = connection.send("POST", path, None, &body).await?;
            ensure!(response.status().is_success(), "{path} answered {}: {:?}", response.status(), response.body());
            Ok(())
        });
        try_join_all(sending).await?;
        Ok(())
    }

    /// How many messages one call of [`publish`](Self::publish) sends.
    pub(super) fn at_once(&self) -> usize {
        self.connections.len()
    }
}
