use std::{sync::Arc, time::Duration};

use rand::{Rng, rngs::StdRng};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use super::{Phase, sse::Clients, websocket};
use crate::ledger::{ClientNumber, Recorder, Seen};

/// A client in this process.
pub(super) struct Roaming {
    pub(super) number: ClientNumber,
    pub(super) index: u16,
    pub(super) room: u16,
    pub(super) ports: Arc<[u16]>,
    pub(super) phase: watch::Receiver<Phase>,
    pub(super) recorder: Recorder,
    pub(super) random: StdRng,
}

/// How it connects.
pub(super) enum Transport {
    Sse,
    WebSocket,
}

/// Where a client writes down what it sees, and from where it resumes.
pub(super) struct Notebook {
    number: ClientNumber,
    recorder: Recorder,
    /// The last id that it has.
    pub(super) cursor: Option<String>,
}

impl Notebook {
    pub(super) fn write(&mut self, id: &str, seen: Seen) {
        self.cursor = Some(id.to_owned());
        self.recorder.saw(self.number, seen);
    }
}

/// How long a client stays where it is.
pub(super) const STAY_MS: std::ops::RangeInclusive<u64> = 200..=3_200;

/// Within this time all clients move when a calm begins.
pub(super) const GATHER_MS: u64 = 400;

impl Roaming {
    pub(super) async fn run(mut self, transport: Transport) -> anyhow::Result<()> {
        let clients = Clients::new(&self.ports)?;
        let mut notebook = Notebook { number: self.number, recorder: self.recorder.clone(), cursor: None };
        loop {
            let phase = *self.phase.borrow_and_update();
            let (server, stay) = match phase {
                Phase::Storm { is_third_away: true } if self.index.is_multiple_of(3) => {
                    self.phase.changed().await?;
                    continue;
                }
                Phase::Storm { .. } => {
                    let stay = Duration::from_millis(self.random.random_range(STAY_MS));
                    (self.random.random_range(0..self.ports.len()), stay)
                }
                Phase::Calm => {
                    sleep(Duration::from_millis(self.random.random_range(0..GATHER_MS))).await;
                    (usize::from(self.index) % self.ports.len(), Duration::MAX)
                }
            };
            let listening = async {
                match transport {
                    Transport::Sse => clients.listen(server, self.room, &mut notebook).await,
                    Transport::WebSocket => websocket::listen(self.ports[server], self.room, &mut notebook).await,
                }
            };
            tokio::select! {
                changed = self.phase.changed() => changed?,
                // Whatever ended the connection, the ledger counts what it did not bring.
                _ = timeout(stay, listening) => sleep(Duration::from_millis(self.random.random_range(5..50))).await,
            }
        }
    }
}
