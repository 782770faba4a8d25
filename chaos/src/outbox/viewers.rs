//! Viewers that watch the widgets of a workspace, and move from server to server with the last id that they have.

use std::{collections::HashMap, process::Stdio, time::Duration};

use anyhow::{Context, bail};
use api_contract::widgets::{self, WidgetEvent};
use futures_util::StreamExt;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde::Deserialize;
use serde_json::json;
use tintype::EventId;
use tintype_client::Client;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, Command},
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};

use crate::{
    Options,
    callers::clients,
    records::{Records, Seen, ViewerNumber},
    world::Workspace,
};

pub(crate) struct Viewers {
    tasks: JoinSet<anyhow::Result<()>>,
    official: Official,
    records: Records,
}

/// The official clients, which run in a process of Node.js and say in lines of JSON what they see.
struct Official {
    process: Child,
    // Its end ends the process.
    _orders: ChildStdin,
    reading: JoinHandle<anyhow::Result<()>>,
}

/// What an official client saw.
#[derive(Debug, Deserialize)]
struct Line {
    client: u16,
    data: WidgetEvent,
}

/// How long a viewer stays where it is.
const STAY_MS: std::ops::RangeInclusive<u64> = 200..=3_200;

impl Viewers {
    pub(crate) async fn start(
        options: &Options,
        seed: u64,
        ports: &[u16],
        workspaces: &[Workspace],
        records: &Records,
    ) -> anyhow::Result<Self> {
        let mut tasks = JoinSet::new();
        let mut official = Vec::new();
        let mut numbers = HashMap::new();
        let mut index = 0;
        for (workspace, account) in workspaces.iter().enumerate() {
            for viewer in 0..options.viewers {
                let is_official = viewer % 3 == 2;
                let kind = if is_official { "httpSubscriptionLink" } else { "tintype-client" };
                let number = records.viewer(format!("viewer {viewer} of workspace {workspace} ({kind})"), workspace);
                if is_official {
                    numbers.insert(index, number);
                    let cookie = format!("{}={}", account.cookie_name, account.cookie_value);
                    official.push(json!({
                        "index": index, "path": "widgets.changed", "input": {}, "socket": false, "cookie": cookie,
                    }));
                    index += 1;
                    continue;
                }
                let viewer = Viewer {
                    number,
                    clients: clients(ports, account)?,
                    records: records.clone(),
                    random: StdRng::seed_from_u64(seed ^ ((workspace as u64) << 48) ^ (u64::from(viewer) << 32)),
                };
                tasks.spawn(viewer.run());
            }
        }
        let world = json!({
            "seed": seed % u64::from(u32::MAX),
            "ports": ports,
            "clients": official,
            "stayMs": [STAY_MS.start(), STAY_MS.end()],
            "gatherMs": 0,
        });
        let official = Official::start(options, &world.to_string(), numbers, records.clone()).await?;
        Ok(Self { tasks, official, records: records.clone() })
    }

    /// Waits until every viewer has seen a change, and so has a place from which it resumes.
    pub(crate) async fn everybody_listens(&mut self, deadline: Duration) -> anyhow::Result<()> {
        let until = self.records.now() + deadline;
        loop {
            self.check()?;
            let history = self.records.read();
            let Some(deaf) = history.viewers.iter().find(|viewer| viewer.entries.is_empty()) else { return Ok(()) };
            if self.records.now() > until {
                bail!("{} has seen nothing in {deadline:?}, before anything failed", deaf.viewer);
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Fails if a viewer has ended, which none does by itself.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        if let Some(status) = self.official.process.try_wait()? {
            bail!("the official clients ended: {status}");
        }
        if self.official.reading.is_finished() {
            bail!("the official clients cannot be understood");
        }
        match self.tasks.try_join_next() {
            None => Ok(()),
            Some(ended) => ended.context("a viewer panicked")?.context("a viewer ended"),
        }
    }
}

impl Official {
    async fn start(
        options: &Options,
        world: &str,
        numbers: HashMap<u16, ViewerNumber>,
        records: Records,
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
        orders.write_all(format!("{world}\n").as_bytes()).await.context("the official clients take no orders")?;
        let reading = tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Some(line) = lines.next_line().await? {
                let Line { client, data } =
                    serde_json::from_str(&line).with_context(|| format!("the official clients say {line:?}"))?;
                let number = *numbers.get(&client).with_context(|| format!("there is no official client {client}"))?;
                records.saw(number, seen(data));
            }
            Ok(())
        });
        Ok(Self { process, _orders: orders, reading })
    }
}

struct Viewer {
    number: ViewerNumber,
    clients: Vec<Client>,
    records: Records,
    random: StdRng,
}

impl Viewer {
    async fn run(mut self) -> anyhow::Result<()> {
        let mut cursor: Option<EventId> = None;
        loop {
            let mut client = self.clients[self.random.random_range(0..self.clients.len())].clone();
            if let Some(id) = &cursor {
                client = client.with_last_event_id(id.clone());
            }
            let stay = match cursor {
                // It has nothing to resume from, so it must not leave.
                None => Duration::MAX,
                Some(_) => Duration::from_millis(self.random.random_range(STAY_MS)),
            };
            let watching = async {
                let mut events = client.subscribe::<widgets::changed>(());
                // Whatever ends the connection, the ledger counts what it did not bring.
                while let Some(Ok(event)) = events.next().await {
                    self.records.saw(self.number, seen(event.data));
                    let is_first = cursor.is_none();
                    cursor = Some(event.id);
                    if is_first {
                        break;
                    }
                }
            };
            // The end of its stay is no failure.
            let _ = timeout(stay, watching).await;
            sleep(Duration::from_millis(self.random.random_range(5..50))).await;
        }
    }
}

fn seen(event: WidgetEvent) -> Seen {
    match event {
        WidgetEvent::Created { widget } => Seen::Change(format!("created {}", widget.name)),
        WidgetEvent::Updated { widget } => Seen::Change(format!("updated {}", widget.name)),
        WidgetEvent::Deleted { id } => Seen::Change(format!("deleted {id}")),
        WidgetEvent::Gap => Seen::Gap,
    }
}
