//! Tells the instance that writes a run to stop; it would find out when it saves, too.

use db::RunId;
use futures_util::StreamExt;
use tintype::{Topic, Topics, prelude::*};
use tokio::time::{Duration, sleep};

use super::super::access::key;
use crate::AppState;

/// Somebody wants a run to stop.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
enum Stop {
    Run(RunId),
    /// Some are missing, which are found when runs are saved.
    Gap,
}

pub(super) async fn tell(topics: &Topics, run: RunId) {
    if let Err(error) = topic(topics).publish(&Stop::Run(run)).await {
        tracing::debug!(%error, "a run will stop when it is saved");
    }
}

/// Stops runs of this instance until it is dropped.
pub(super) async fn listen(state: &AppState) {
    let runs = state.runs();
    loop {
        let mut stops = Box::pin(topic(state.topics()).subscribe_with_gap(|| Stop::Gap).into_values());
        while let Some(stop) = stops.next().await {
            match stop {
                Ok(Stop::Run(run)) => {
                    if let Some(writing) = runs.writing().get(&run) {
                        writing.stop.cancel();
                    }
                }
                Ok(Stop::Gap) => {}
                Err(_) => break,
            }
        }
        sleep(Duration::from_secs(1)).await;
    }
}

fn topic(topics: &Topics) -> Topic<Stop> {
    topics.topic(key("instances", &["stops"]))
}
