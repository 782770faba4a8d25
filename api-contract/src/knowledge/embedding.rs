//! Vectors of texts, paid for.

use std::{
    fmt,
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use db::{ChatSessionId, DbError, RunId, TenantDb, UserId, knowledge::EmbeddingTag, money::Service};
use lru::LruCache;

use crate::{
    AppState,
    money::{self, Call, Refused, Used, at_most_tokens},
    providers::{EmbeddingRequest, ProviderError, Usage},
};

/// Who pays for a call, and what for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Payer {
    pub(super) user: Option<UserId>,
    pub(super) session: Option<ChatSessionId>,
    pub(super) run: Option<RunId>,
}

/// Why there are no vectors, or no ranking.
#[derive(Debug)]
pub(super) enum NotPaid {
    /// The call could exceed the budget of the month.
    Exceeded,
    /// Whoever was asked did not answer.
    Provider(ProviderError),
    /// The database failed.
    Storage(DbError),
}

impl From<DbError> for NotPaid {
    fn from(error: DbError) -> Self {
        Self::Storage(error)
    }
}

impl fmt::Display for NotPaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exceeded => f.write_str(
                "this month's budget does not allow it: an owner can raise the limit, or wait for next month",
            ),
            Self::Provider(error) => error.fmt(f),
            Self::Storage(_) => f.write_str("the database failed"),
        }
    }
}

/// The vectors of texts, in their order, from whoever embeds them with this model and within this time.
pub(super) async fn embed(
    state: &AppState,
    db: &TenantDb,
    payer: Payer,
    tag: &EmbeddingTag,
    texts: Vec<String>,
    time: Duration,
) -> Result<Vec<Vec<f32>>, NotPaid> {
    let Some(embedder) = &state.ai().providers.embedder else {
        return Err(NotPaid::Provider(ProviderError::Unreachable { detail: "nobody embeds texts".to_owned() }));
    };
    let call = Call {
        service: Service::Embedding,
        provider: embedder.provider(),
        model: tag.model(),
        input_tokens: texts.iter().map(|text| at_most_tokens(text.len())).sum(),
        output_tokens: 0,
        user: payer.user,
        session: payer.session,
        run: payer.run,
        lifetime: time * 2,
    };
    let wanted = texts.len();
    let request = EmbeddingRequest { model: tag.model().to_owned(), dimensions: tag.dimensions(), texts };
    let embedded = pay(state, db, call, async {
        let call = tokio::time::timeout(time, embedder.embed(request));
        let embeddings = call.await.unwrap_or(Err(ProviderError::TimedOut { after: time }))?;
        Ok((embeddings.vectors, embeddings.usage))
    });
    let vectors = embedded.await?;
    check(&vectors, wanted, tag).map_err(|detail| NotPaid::Provider(ProviderError::Nonsense { detail }))?;
    Ok(vectors)
}

/// Makes a call for which money is set aside, and records what it has cost.
pub(super) async fn pay<T>(
    state: &AppState,
    db: &TenantDb,
    call: Call<'_>,
    work: impl Future<Output = Result<(T, Option<Usage>), ProviderError>>,
) -> Result<T, NotPaid> {
    let prices = &state.ai().prices;
    let (model, at_most) = (call.model, call.input_tokens);
    let mut tx = db.begin().await?;
    let reservation = match money::reserve(&mut tx, prices, call).await {
        Ok(reservation) => reservation,
        Err(Refused::Storage(error)) => return Err(error.into()),
        Err(Refused::Exceeded(_)) => {
            tx.roll_back().await;
            return Err(NotPaid::Exceeded);
        }
    };
    tx.commit().await?;
    // Dropped here, it is paid in full when its reservation expires.
    let done = work.await;
    let at_most = Usage { input_tokens: at_most, cached_tokens: 0, output_tokens: 0 };
    let used = match &done {
        Ok((_, Some(usage))) => Used::Said(*usage),
        Ok((_, None)) => Used::Estimated(at_most),
        Err(error) if error.is_free() => Used::Nothing,
        // It may have been answered, and the answer lost.
        Err(_) => Used::Estimated(at_most),
    };
    let mut tx = db.begin().await?;
    money::settle(&mut tx, prices, model, reservation, used).await?;
    tx.commit().await?;
    done.map(|(value, _)| value).map_err(NotPaid::Provider)
}

/// What is wrong with vectors that a provider sent, if anything.
fn check(vectors: &[Vec<f32>], wanted: usize, tag: &EmbeddingTag) -> Result<(), String> {
    /// The largest number that half precision holds.
    const LARGEST: f32 = 65_504.0;
    if vectors.len() != wanted {
        return Err(format!("{} vectors for {wanted} texts", vectors.len()));
    }
    let dimensions = usize::from(tag.dimensions());
    if let Some(other) = vectors.iter().find(|vector| vector.len() != dimensions) {
        return Err(format!(
            "vectors of {} have {} dimensions and not {dimensions}: set TINTYPE_EMBEDDING_DIMENSIONS",
            tag.model(),
            other.len()
        ));
    }
    if vectors.iter().flatten().any(|number| number.is_nan() || number.abs() > LARGEST) {
        return Err("a vector with numbers that are none".to_owned());
    }
    Ok(())
}

/// Vectors of the questions that were asked last.
pub(crate) struct QueryVectors(Mutex<Remembered>);

/// By model and question.
type Remembered = LruCache<(EmbeddingTag, String), Arc<[f32]>>;

impl QueryVectors {
    pub(crate) fn new(most: usize) -> Self {
        Self(Mutex::new(LruCache::new(NonZeroUsize::new(most).unwrap_or(NonZeroUsize::MIN))))
    }

    pub(super) fn get(&self, tag: &EmbeddingTag, query: &str) -> Option<Arc<[f32]>> {
        self.locked().get(&(tag.clone(), query.to_owned())).cloned()
    }

    pub(super) fn put(&self, tag: &EmbeddingTag, query: &str, vector: Arc<[f32]>) {
        self.locked().put((tag.clone(), query.to_owned()), vector);
    }

    fn locked(&self) -> MutexGuard<'_, Remembered> {
        // A panic under it leaves the list whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_that_cannot_be_stored_are_refused() {
        let tag = EmbeddingTag::new("tiny", 2).unwrap();

        assert_eq!(check(&[vec![0.5, -65_504.0]], 1, &tag), Ok(()));
        assert!(check(&[], 1, &tag).unwrap_err().contains("0 vectors for 1"));
        let dimensions = check(&[vec![0.5]], 1, &tag).unwrap_err();
        assert!(dimensions.contains("1 dimensions and not 2") && dimensions.contains("TINTYPE_EMBEDDING_DIMENSIONS"));
        for number in [f32::NAN, f32::INFINITY, 65_505.0] {
            assert!(check(&[vec![0.5, number]], 1, &tag).is_err(), "{number}");
        }
    }
}
