//! Documents are read and embedded in the background, by whichever instance takes them.
//!
//! An instance has a document for itself as long as it renews its lease; when it dies, another one goes on with what is
//! missing.

mod document;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use db::{
    DbError, DocumentId, InstanceId,
    knowledge::{
        indexing::{self, Claimed},
        vector_index,
    },
};
use tokio::{
    join,
    sync::Notify,
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use crate::AppState;

/// The documents of this instance. Cheap to clone.
#[derive(Clone)]
pub struct Indexing(Arc<Parts>);

struct Parts {
    instance: InstanceId,
    /// A document may be waiting.
    waiting: Notify,
    /// What this instance is reading.
    reading: Mutex<HashMap<DocumentId, AbortHandle>>,
}

/// How often it is looked whether a document waits when nobody says so: for those of an instance that died, and those
/// that are due again.
const LOOK: Duration = Duration::from_secs(1);

/// How often it is looked whether vectors are of another model than the one in use.
const LOOK_FOR_OUTDATED: Duration = Duration::from_secs(60);

impl Indexing {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Parts { instance: InstanceId::generate(), waiting: Notify::new(), reading: Mutex::default() }))
    }

    /// Reads documents until `shutdown` fires, and gives back those that it is reading.
    ///
    /// Every instance must do this once, as long as it runs.
    pub async fn work(state: AppState, shutdown: CancellationToken) {
        join!(
            read(&state, &shutdown),
            shutdown.run_until_cancelled(renew(&state)),
            shutdown.run_until_cancelled(index_vectors(&state)),
        );
        let indexing = state.indexing();
        if let Err(error) = indexing::give_back(&state.database().system(), indexing.0.instance).await {
            // Their leases run out.
            tracing::warn!(%error, "documents cannot be given back");
        }
    }

    /// Looks soon whether a document waits.
    pub(crate) fn look(&self) {
        self.0.waiting.notify_one();
    }

    /// Held for a moment only.
    fn reading(&self) -> MutexGuard<'_, HashMap<DocumentId, AbortHandle>> {
        self.0.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read(state: &AppState, shutdown: &CancellationToken) {
    let indexing = state.indexing();
    let most = state.ai().knowledge.limits.concurrent_documents.max(1);
    // It ends with this task, and its documents are read elsewhere.
    let mut documents = JoinSet::new();
    let mut look_for_outdated = Instant::now();
    loop {
        let free = most.saturating_sub(u32::try_from(documents.len()).unwrap_or(u32::MAX));
        if free > 0 {
            match claim(state, free, &mut look_for_outdated).await {
                Ok(claimed) => claimed.into_iter().for_each(|claimed| begin(state, &mut documents, claimed)),
                Err(error) => tracing::error!(%error, "it cannot be read which documents wait"),
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            Some(_) = documents.join_next() => {}
            () = indexing.0.waiting.notified() => {}
            () = sleep(LOOK) => {}
        }
    }
}

async fn claim(state: &AppState, limit: u32, look_for_outdated: &mut Instant) -> Result<Vec<Claimed>, DbError> {
    let (system, owner) = (state.database().system(), state.indexing().0.instance);
    let lease = state.ai().knowledge.limits.lease;
    let waiting = indexing::claim(&system, owner, lease, limit).await?;
    let tag = state.ai().models.embedding.as_ref();
    let Some(tag) = tag.filter(|_| waiting.is_empty() && *look_for_outdated <= Instant::now()) else {
        return Ok(waiting);
    };
    let outdated = indexing::claim_outdated(&system, owner, lease, limit, tag).await?;
    if outdated.is_empty() {
        *look_for_outdated = Instant::now() + LOOK_FOR_OUTDATED;
    }
    Ok(outdated)
}

fn begin(state: &AppState, documents: &mut JoinSet<()>, claimed: Claimed) {
    let id = claimed.id;
    let work = {
        let state = state.clone();
        async move { document::index(&state, claimed).await }
    };
    // The lock is held until the task is in the list: it takes itself out of it.
    let mut reading = state.indexing().reading();
    let indexing = state.indexing().clone();
    let task = documents.spawn(async move {
        work.await;
        indexing.reading().remove(&id);
    });
    reading.insert(id, task);
}

/// Renews the leases of what is being read, until it is dropped.
async fn renew(state: &AppState) {
    let indexing = state.indexing();
    let lease = state.ai().knowledge.limits.lease;
    loop {
        sleep(lease / 3).await;
        let mine: Vec<DocumentId> = indexing.reading().keys().copied().collect();
        if mine.is_empty() {
            continue;
        }
        match indexing::renew(&state.database().system(), indexing.0.instance, lease, mine.clone()).await {
            Ok(kept) => {
                let lost: Vec<AbortHandle> = {
                    let mut reading = indexing.reading();
                    let lost = mine.iter().filter(|id| !kept.contains(id));
                    lost.filter_map(|id| reading.remove(id)).collect()
                };
                // Another instance reads it, or it was deleted.
                lost.iter().for_each(AbortHandle::abort);
            }
            Err(error) => tracing::warn!(%error, "the leases of documents cannot be renewed"),
        }
    }
}

/// Makes an index of vectors when a workspace has too many to compare them all, until it is dropped.
async fn index_vectors(state: &AppState) {
    let Some(tag) = &state.ai().models.embedding else { return };
    loop {
        if let Err(error) = vector_index::ensure(state.database(), tag, state.ai().knowledge.limits.exact_chunks).await
        {
            // Searches compare all vectors, which takes longer.
            tracing::warn!(%error, "the index of vectors cannot be made");
        }
        sleep(LOOK_FOR_OUTDATED).await;
    }
}

impl fmt::Debug for Indexing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Indexing").field("instance", &self.0.instance).finish_non_exhaustive()
    }
}
