//! The official clients, which run in a process of Node.js and say in lines of JSON what they see.

use std::{collections::HashMap, process::Stdio};

use anyhow::{Context, bail};
use bench::contract::chat::RoomEvent;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, Command},
    task::JoinHandle,
};

use super::{
    Phase,
    roaming::{GATHER_MS, STAY_MS},
    seen,
};
use crate::{
    ledger::{ClientNumber, Recorder, Seen},
    options::Options,
};

/// One of them.
pub(super) struct OfficialClient {
    pub(super) number: ClientNumber,
    pub(super) index: u16,
    pub(super) room: u16,
    /// `wsLink`, and not `httpSubscriptionLink`.
    pub(super) is_socket: bool,
}

/// The process.
pub(super) struct Official {
    process: Child,
    orders: ChildStdin,
    reading: JoinHandle<anyhow::Result<()>>,
}

/// What a client saw.
#[derive(Debug, Deserialize)]
struct Line {
    client: u16,
    id: String,
    data: Value,
}

impl Official {
    pub(super) async fn start(
        options: &Options,
        seed: u64,
        ports: &[u16],
        clients: Vec<OfficialClient>,
        recorder: &Recorder,
    ) -> anyhow::Result<Self> {
        let mut process = Command::new("node")
            .arg(&options.official)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("node cannot be started, which runs the official clients")?;
        let mut orders = process.stdin.take().context("its input is a pipe")?;
        let output = process.stdout.take().context("its output is a pipe")?;
        let described: Vec<Value> = clients
            .iter()
            .map(|OfficialClient { index, room, is_socket, .. }| {
                let input = json!({ "room": crate::room_name(*room) });
                json!({ "index": index, "path": "chat.subscribe", "input": input, "socket": is_socket })
            })
            .collect();
        let world = json!({
            "seed": seed % u64::from(u32::MAX),
            "ports": ports,
            "clients": described,
            "stayMs": [STAY_MS.start(), STAY_MS.end()],
            "gatherMs": GATHER_MS,
        });
        say(&mut orders, &world).await?;
        let numbers: HashMap<u16, ClientNumber> = clients.iter().map(|client| (client.index, client.number)).collect();
        let recorder = recorder.clone();
        let reading = tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Some(line) = lines.next_line().await? {
                let Line { client, id, data } =
                    serde_json::from_str(&line).with_context(|| format!("the official clients say {line:?}"))?;
                let number = *numbers.get(&client).with_context(|| format!("there is no official client {client}"))?;
                let seen = match serde_json::from_value::<RoomEvent>(data.clone()) {
                    Ok(event) => seen(&id, event),
                    Err(_) => Seen::Unknown { id, data: data.to_string() },
                };
                recorder.saw(number, seen);
            }
            Ok(())
        });
        Ok(Self { process, orders, reading })
    }

    pub(super) async fn tell(&mut self, phase: Phase) -> anyhow::Result<()> {
        let order = match phase {
            Phase::Storm { is_third_away } => json!({ "phase": "storm", "isThirdAway": is_third_away }),
            Phase::Calm => json!({ "phase": "calm", "isThirdAway": false }),
        };
        say(&mut self.orders, &order).await
    }

    /// Fails if the process has ended, or says what cannot be read.
    pub(super) fn check(&mut self) -> anyhow::Result<()> {
        if let Some(status) = self.process.try_wait()? {
            bail!("the official clients ended: {status}");
        }
        if self.reading.is_finished() {
            bail!("the official clients cannot be understood");
        }
        Ok(())
    }
}

async fn say(orders: &mut ChildStdin, order: &Value) -> anyhow::Result<()> {
    orders.write_all(format!("{order}\n").as_bytes()).await.context("the official clients take no orders")
}
