//! What a workspace knows about a question, by every way that is open.

use std::sync::Arc;

use db::{
    DbError, TenantDb,
    knowledge::{
        EmbeddingTag,
        search::{self, Found, Search},
    },
    money::Service,
};

use super::{
    embedding::{self, NotPaid, Payer, embed},
    highlights::Marked,
};
use crate::{
    AppState,
    money::{Call, at_most_tokens},
    providers::{ProviderError, RerankRequest, Reranker},
};

/// What was found, best first.
#[derive(Debug)]
pub(super) struct Retrieved {
    pub(super) found: Vec<Ranked>,
    /// Whether the meaning of the question was looked for too.
    pub(super) by_meaning: bool,
    /// Whether a model has ranked what was found.
    pub(super) is_reranked: bool,
    /// Why the meaning was not looked for, for a person.
    pub(super) notice: Option<String>,
}

/// A chunk that was found.
#[derive(Debug)]
pub(super) struct Ranked {
    pub(super) found: Found,
    pub(super) marked: Marked,
    /// What the model says that ranks.
    pub(super) rerank: Option<f64>,
}

/// Said where no model embeds texts.
const NO_MODEL: &str = "only words are looked for, because no model is configured that knows what they mean: an \
                        administrator can set TINTYPE_EMBEDDING_MODEL or TINTYPE_EMBEDDING_DIR";

pub(super) async fn retrieve(
    state: &AppState,
    db: &TenantDb,
    payer: Payer,
    query: &str,
    limit: u32,
) -> Result<Retrieved, DbError> {
    let knowledge = &state.ai().knowledge;
    let limits = &knowledge.limits;
    let (vector, notice) = match &state.ai().models.embedding {
        None => (None, Some(NO_MODEL.to_owned())),
        Some(tag) => match vector(state, db, payer, tag, query).await {
            Ok(vector) => (Some((tag.clone(), vector.to_vec())), None),
            Err(NotPaid::Storage(error)) => return Err(error),
            Err(error) => {
                tracing::warn!(?error, "a question is looked for by its words only");
                (None, Some(format!("only words were looked for: {error}")))
            }
        },
    };
    let by_meaning = vector.is_some();
    let wanted = if knowledge.reranker.is_some() { limits.reranked.max(limit) } else { limit };
    let search = Search {
        query: query.to_owned(),
        vector,
        limit: wanted,
        candidates: limits.candidates,
        per_document: limits.per_document,
        exact_chunks: limits.exact_chunks,
    };
    let found = search::search(db, search).await?;
    let ranked = |found: Found| Ranked { marked: Marked::read(&found.marked), rerank: None, found };
    let mut found: Vec<Ranked> = found.into_iter().map(ranked).collect();
    let mut is_reranked = false;
    if let Some((reranker, model)) = &knowledge.reranker
        && !found.is_empty()
    {
        match rerank(state, db, payer, reranker, model, query, &mut found).await {
            Ok(()) => is_reranked = true,
            Err(NotPaid::Storage(error)) => return Err(error),
            Err(error) => tracing::warn!(?error, "what was found stays as it was ranked"),
        }
    }
    found.truncate(limit as usize);
    Ok(Retrieved { found, by_meaning, is_reranked, notice })
}

/// The vector of a question, which is paid for once in a while.
async fn vector(
    state: &AppState,
    db: &TenantDb,
    payer: Payer,
    tag: &EmbeddingTag,
    query: &str,
) -> Result<Arc<[f32]>, NotPaid> {
    if let Some(vector) = state.query_vectors().get(tag, query) {
        return Ok(vector);
    }
    let time = state.ai().knowledge.limits.question_time;
    let vectors = embed(state, db, payer, tag, vec![query.to_owned()], time).await?;
    let vector: Arc<[f32]> = vectors.into_iter().next().unwrap_or_default().into();
    state.query_vectors().put(tag, query, Arc::clone(&vector));
    Ok(vector)
}

/// Puts what was found into the order of a model that has read it.
async fn rerank(
    state: &AppState,
    db: &TenantDb,
    payer: Payer,
    reranker: &Arc<dyn Reranker>,
    model: &str,
    query: &str,
    found: &mut [Ranked],
) -> Result<(), NotPaid> {
    let time = state.ai().knowledge.limits.question_time;
    let texts: Vec<String> = found.iter().map(|ranked| described(&ranked.found, &ranked.marked.text)).collect();
    let call = Call {
        service: Service::Rerank,
        provider: reranker.provider(),
        model,
        // Each text is read together with the question.
        input_tokens: texts.iter().map(|text| at_most_tokens(text.len() + query.len())).sum(),
        output_tokens: 0,
        user: payer.user,
        session: payer.session,
        run: payer.run,
        lifetime: time * 2,
    };
    let wanted = texts.len();
    let request = RerankRequest { model: model.to_owned(), query: query.to_owned(), texts };
    let ranking = embedding::pay(state, db, call, async {
        let call = tokio::time::timeout(time, reranker.rerank(request));
        let ranking = call.await.unwrap_or(Err(ProviderError::TimedOut { after: time }))?;
        Ok((ranking.scores, ranking.usage))
    });
    let scores = ranking.await?;
    if scores.len() != wanted || scores.iter().any(|score| score.is_nan()) {
        let detail = format!("{} scores for {wanted} texts", scores.len());
        return Err(NotPaid::Provider(ProviderError::Nonsense { detail }));
    }
    found.iter_mut().zip(scores).for_each(|(ranked, score)| ranked.rerank = Some(score));
    // It is stable, so what is ranked alike stays in its order.
    found.sort_by(|one, other| other.rerank.unwrap_or(0.0).total_cmp(&one.rerank.unwrap_or(0.0)));
    Ok(())
}

/// A chunk with what stands above it.
fn described(found: &Found, text: &str) -> String {
    embedded_text(&found.title, &found.heading_path, text)
}

/// What is embedded of a chunk: its document and its headings say what it is about.
pub(super) fn embedded_text(title: &str, heading_path: &[String], text: &str) -> String {
    let path: Vec<&str> = std::iter::once(title).chain(heading_path.iter().map(String::as_str)).collect();
    format!("{}\n\n{text}", path.join(" > "))
}
