//! A small contract whose procedures tell the test what becomes of them.

use futures_util::{TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use tintype::{Abort, ByteStream, Event, EventId, Form, FormError, LastEventId, PeerAddress, prelude::*};
use tokio::sync::mpsc::UnboundedSender;

/// Where procedures report.
#[derive(Clone)]
pub(crate) struct AppState {
    pub(crate) reports: UnboundedSender<&'static str>,
}

/// Reports when it is dropped.
struct Reporter(AppState);

impl Drop for Reporter {
    fn drop(&mut self) {
        // The test may be over.
        let _ = self.0.reports.send("dropped");
    }
}

/// Reports that a call has begun, and what becomes of it.
fn report(state: AppState, abort: Abort) -> Reporter {
    let _ = state.reports.send("begun");
    let reports = state.reports.clone();
    tokio::spawn(async move {
        abort.0.cancelled().await;
        let _ = reports.send("aborted");
    });
    Reporter(state)
}

#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum NameError {
    #[error("the name {name:?} is taken")]
    #[code(CONFLICT)]
    Taken { name: String },
}

#[derive(Debug, Deserialize)]
pub(crate) struct Titled {
    title: String,
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Named {
    name: String,
}

/// How many bytes came.
#[mutation]
pub(crate) async fn measure(input: ByteStream) -> Result<u32, Failure> {
    input.try_fold(0, async |sum, piece| Ok(sum + u32::try_from(piece.len()).unwrap())).await
}

/// The title of a form, and the sizes of its files.
#[mutation]
pub(crate) async fn files(input: Form<Titled>) -> Result<String, FormError> {
    let Form { fields, mut entries } = input;
    let mut text = format!("{}:", fields.title);
    while let Some(file) = entries.next().await? {
        text.push_str(&format!(" {}", file.name()));
        text.push_str(&format!(" {}", file.bytes().await?.len()));
    }
    Ok(text)
}

#[query]
pub(crate) async fn echo(input: String) -> Result<String, Never> {
    Ok(input)
}

#[query]
pub(crate) async fn address(peer: PeerAddress) -> Result<Option<String>, Never> {
    Ok(peer.0.map(|peer| peer.to_string()))
}

#[mutation]
pub(crate) async fn name(input: Named) -> Result<String, NameError> {
    if input.name == "taken" {
        return Err(NameError::Taken { name: input.name });
    }
    Ok(input.name)
}

#[mutation]
pub(crate) async fn touch() -> Result<(), Never> {
    Ok(())
}

#[mutation(no_batch)]
pub(crate) async fn alone() -> Result<u32, Never> {
    Ok(1)
}

/// Never answers.
#[mutation]
pub(crate) async fn hang(state: State<AppState>, abort: Abort) -> Result<(), Never> {
    let _reporter = report(state.0, abort);
    std::future::pending().await
}

/// Counts to the input; the number is the id, and a resumed stream goes on after it.
#[subscription]
pub(crate) async fn count(last: LastEventId, input: u32) -> Result<Subscription<u32>, Never> {
    let last = last.0.map_or(0, |id| id.as_str().parse().unwrap());
    let numbers = (last + 1..=input).map(|n| Event { id: EventId::new(n.to_string()).unwrap(), data: n });
    Ok(Subscription::tracked(stream::iter(numbers)))
}

/// Sends one event and then none.
#[subscription]
pub(crate) async fn watch(state: State<AppState>, abort: Abort) -> Result<Subscription<u32>, Never> {
    let reporter = report(state.0, abort);
    Ok(Subscription::tracked(stream::unfold((0, reporter), |(n, reporter)| async move {
        if n == 1 {
            std::future::pending::<()>().await;
        }
        Some((Event { id: EventId::new("1").unwrap(), data: 1 }, (n + 1, reporter)))
    })))
}

pub(crate) fn router() -> Router<AppState> {
    router! {
        [echo, address, name, touch, alone, hang, measure, files],
        events: [count, watch],
    }
}
