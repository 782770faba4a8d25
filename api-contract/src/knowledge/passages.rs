//! What an answer is told of what the workspace knows.

use db::{DbError, TenantDb, chat::runs::Run, knowledge::Passage};

use super::{embedding::Payer, retrieval::retrieve};
use crate::AppState;

/// The passages that a question is about, best first; none if nothing is.
pub(crate) async fn relevant(
    state: &AppState,
    db: &TenantDb,
    run: &Run,
    question: &str,
) -> Result<Vec<Passage>, DbError> {
    /// A question is found by its beginning; what is longer says it again.
    const MOST: usize = 1_000;
    let limits = &state.ai().knowledge.limits;
    let query: String = question.chars().take(MOST).collect();
    let payer = Payer { user: run.asked_by, session: Some(run.session), run: Some(run.id) };
    let retrieved = retrieve(state, db, payer, query.trim(), limits.passages).await?;
    let mut left = limits.passage_bytes;
    let fitting = retrieved.found.into_iter().filter(|ranked| limits.let_tell(&ranked.found)).map_while(|ranked| {
        let text = ranked.marked.text;
        left = left.checked_sub(text.len())?;
        Some(Passage {
            document_id: ranked.found.document_id,
            title: ranked.found.title,
            heading_path: ranked.found.heading_path,
            start: ranked.found.start_char,
            end: ranked.found.end_char,
            text,
        })
    });
    Ok(fitting.collect())
}
