use std::time::Duration;

use anyhow::bail;
use bench::contract::{
    self,
    chat::{self, Room},
};
use futures_util::StreamExt;
use tintype::EventId;
use tintype_client::{Backoff, Client, Reconnect};

use super::{roaming::Notebook, seen};

/// A `tintype-client` for each server.
pub(super) struct Clients(Vec<Client>);

impl Clients {
    pub(super) fn new(ports: &[u16]) -> anyhow::Result<Self> {
        let router = contract::router();
        let client = |port: &u16| {
            let backoff = Backoff { first: Duration::from_millis(100), longest: Duration::from_millis(500) };
            let reconnect = Reconnect { tries: None, backoff };
            Client::builder(format!("http://127.0.0.1:{port}/trpc")).contract(&router).reconnect(reconnect).build()
        };
        Ok(Self(ports.iter().map(client).collect::<Result<_, _>>()?))
    }

    /// Listens at a server until the subscription ends; the client connects again by itself as long as it may.
    pub(super) async fn listen(&self, server: usize, room: u16, notebook: &mut Notebook) -> anyhow::Result<()> {
        let mut client = self.0[server].clone();
        if let Some(id) = &notebook.cursor {
            client = client.with_last_event_id(EventId::new(id)?);
        }
        let mut events = client.subscribe::<chat::subscribe>(Room { room: crate::room_name(room) });
        while let Some(event) = events.next().await {
            let event = event?;
            let id = event.id.as_str();
            notebook.write(id, seen(id, event.data));
        }
        bail!("a subscription without an end is complete")
    }
}
