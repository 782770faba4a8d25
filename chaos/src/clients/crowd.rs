use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use rand::{SeedableRng, rngs::StdRng};
use tokio::{sync::watch, task::JoinSet, time::sleep};

use super::{
    official::{Official, OfficialClient},
    roaming::{Roaming, Transport},
};
use crate::{
    ledger::{Recorder, Seen},
    options::Options,
};

/// What the clients do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// They move to a random server every 0.2 to 3.2 s; a third of them may be away.
    Storm { is_third_away: bool },
    /// They connect once more, evenly spread over the servers, and stay.
    Calm,
}

/// How a client connects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    TintypeClient,
    WebSocket,
    HttpSubscriptionLink,
    WsLink,
}

/// Of ten clients.
const KINDS: [Kind; 10] = [
    Kind::TintypeClient,
    Kind::WebSocket,
    Kind::HttpSubscriptionLink,
    Kind::WsLink,
    Kind::TintypeClient,
    Kind::WebSocket,
    Kind::HttpSubscriptionLink,
    Kind::WsLink,
    Kind::TintypeClient,
    Kind::WebSocket,
];

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::TintypeClient => "tintype-client",
            Self::WebSocket => "WebSocket",
            Self::HttpSubscriptionLink => "httpSubscriptionLink",
            Self::WsLink => "wsLink",
        }
    }
}

/// All clients.
pub(crate) struct Crowd {
    phase: watch::Sender<Phase>,
    official: Official,
    tasks: JoinSet<anyhow::Result<()>>,
    kinds: BTreeMap<&'static str, usize>,
    recorder: Recorder,
}

impl Crowd {
    /// Starts the clients: of ten, three by `tintype-client`, three by WebSocket, two by `httpSubscriptionLink` and two
    /// by `wsLink`.
    pub(crate) async fn start(
        options: &Options,
        seed: u64,
        ports: &[u16],
        recorder: &Recorder,
    ) -> anyhow::Result<Self> {
        let phase = watch::Sender::new(Phase::Storm { is_third_away: false });
        let ports: Arc<[u16]> = ports.into();
        let mut tasks = JoinSet::new();
        let mut official = Vec::new();
        let mut kinds = BTreeMap::new();
        for (index, kind) in (0..options.clients).zip(KINDS.iter().cycle()) {
            // Every kind is in every room.
            let room = (index / 4 + index) % options.rooms;
            *kinds.entry(kind.name()).or_default() += 1;
            let number = recorder.client(format!("client {index} ({}, room {room})", kind.name()), room);
            let transport = match kind {
                Kind::TintypeClient => Transport::Sse,
                Kind::WebSocket => Transport::WebSocket,
                Kind::HttpSubscriptionLink | Kind::WsLink => {
                    let is_socket = *kind == Kind::WsLink;
                    official.push(OfficialClient { number, index, room, is_socket });
                    continue;
                }
            };
            let client = Roaming {
                number,
                index,
                room,
                ports: Arc::clone(&ports),
                phase: phase.subscribe(),
                recorder: recorder.clone(),
                random: StdRng::seed_from_u64(seed ^ (u64::from(index) << 32)),
            };
            tasks.spawn(client.run(transport));
        }
        let official = Official::start(options, seed, &ports, official, recorder).await?;
        Ok(Self { phase, official, tasks, kinds, recorder: recorder.clone() })
    }

    pub(crate) async fn tell(&mut self, phase: Phase) -> anyhow::Result<()> {
        self.phase.send_replace(phase);
        self.official.tell(phase).await
    }

    /// Waits until every client has received a message, and so has a place from which it resumes.
    pub(crate) async fn everybody_listens(&mut self, deadline: Duration) -> anyhow::Result<()> {
        let until = self.recorder.now() + deadline;
        loop {
            self.check()?;
            let deaf = self.recorder.read(|history| {
                let is_message = |seen: &Seen| matches!(seen, Seen::Message { .. });
                let deaf = |entries: &[crate::ledger::Entry]| !entries.iter().any(|entry| is_message(&entry.seen));
                history.clients.iter().find(|client| deaf(&client.entries)).map(|client| client.client.clone())
            });
            match deaf {
                None => return Ok(()),
                Some(client) if self.recorder.now() > until => {
                    bail!("{client} has received nothing in {deadline:?}, before anything failed")
                }
                Some(_) => sleep(Duration::from_millis(20)).await,
            }
        }
    }

    /// Fails if a client has ended, which none does by itself.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        self.official.check()?;
        match self.tasks.try_join_next() {
            None => Ok(()),
            Some(ended) => ended.context("a client panicked")?.context("a client ended"),
        }
    }
}

/// How many of each kind there are.
impl fmt::Display for Crowd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<String> = self.kinds.iter().map(|(name, count)| format!("{count} {name}")).collect();
        f.write_str(&kinds.join(", "))
    }
}
