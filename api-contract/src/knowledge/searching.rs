use db::DocumentId;
use garde::Validate;
use tintype::prelude::*;

pub use super::highlights::Highlight;
use super::{
    embedding::Payer,
    retrieval::{Ranked, Retrieved, retrieve},
};
use crate::{
    AppState,
    auth::Session,
    text::{not_blank, storable},
};

/// What to look for.
#[derive(Debug, Serialize, Deserialize, Type, Validate, Rules)]
pub struct Search {
    /// The question, 1 to 1,000 characters.
    #[garde(length(chars, min = 1, max = 1_000), custom(not_blank), custom(storable))]
    pub query: String,
    /// How many hits, 1 to 50; 5 without it.
    #[garde(range(min = 1, max = 50))]
    pub limit: Option<u32>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchResult {
    /// The hits, best first.
    pub hits: Vec<Hit>,
    /// What was looked for.
    pub mode: SearchMode,
    /// Why only words were looked for, for a person.
    pub notice: Option<String>,
    /// Whether a model has read the hits and ranked them.
    pub reranked: bool,
}

/// What was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SearchMode {
    /// The words of the question and its meaning.
    Hybrid,
    /// The words of the question only.
    Keyword,
}

/// A piece of a document that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// The document.
    pub document: HitDocument,
    /// Which piece.
    pub chunk: HitChunk,
    /// The part of it with most of the words that were looked for, at most some 300 characters.
    pub snippet: String,
    /// Where these words are in the snippet.
    pub highlights: Vec<Highlight>,
    /// Why it was found.
    pub scores: Scores,
}

/// A document in which something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct HitDocument {
    /// Its id.
    pub id: DocumentId,
    /// What it is called.
    pub title: String,
}

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HitChunk {
    /// Its number in the document, from 0 on.
    pub ordinal: u32,
    /// The headings above it, outermost first; the page of a PDF.
    pub heading_path: Vec<String>,
    /// Where it begins, in characters (Unicode scalar values) of the document's text.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// Why something was found; `null` where it was not found that way.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Type)]
pub struct Scores {
    /// How close its meaning is: a cosine, up to 1.
    pub semantic: Option<f64>,
    /// How much its words say, by BM25, from 0 on.
    pub keyword: Option<f64>,
    /// What the model says that has read it, on a scale of its own.
    pub rerank: Option<f64>,
}

/// How many hits there are unless the caller says.
const DEFAULT_LIMIT: u32 = 5;

/// Most characters of a snippet.
const SNIPPET: usize = 300;

/// Looks for a question in the workspace's documents, by its words and by its meaning.
///
/// It costs what the embedding of a new question and the ranking cost, where there are models for them.
/// If that is not possible, words are looked for, and `mode` and `notice` say so.
#[query]
pub async fn search(session: Session, state: State<AppState>, input: Search) -> Result<SearchResult, InternalError> {
    let payer = Payer { user: Some(session.active.account.user.id), session: None, run: None };
    let query = input.query.trim();
    let limit = input.limit.unwrap_or(DEFAULT_LIMIT);
    let Retrieved { found, by_meaning, is_reranked, notice } =
        retrieve(&state.0, &session.db(&state.0), payer, query, limit).await?;
    Ok(SearchResult {
        hits: found.into_iter().map(Hit::from).collect(),
        mode: if by_meaning { SearchMode::Hybrid } else { SearchMode::Keyword },
        notice,
        reranked: is_reranked,
    })
}

impl From<Ranked> for Hit {
    fn from(Ranked { found, marked, rerank }: Ranked) -> Self {
        let (snippet, highlights) = marked.snippet(SNIPPET);
        let count = |number: i32| u32::try_from(number).unwrap_or(0);
        Self {
            document: HitDocument { id: found.document_id, title: found.title },
            chunk: HitChunk {
                ordinal: count(found.ordinal),
                heading_path: found.heading_path,
                start: count(found.start_char),
                end: count(found.end_char),
            },
            snippet,
            highlights,
            scores: Scores { semantic: found.semantic, keyword: found.keyword, rerank },
        }
    }
}
