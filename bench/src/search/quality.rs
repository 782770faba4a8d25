use std::{collections::HashMap, ops::Range};

use anyhow::Context;
use api_contract::knowledge::{Search as Ask, search};
use db::{
    DocumentId,
    knowledge::search::{self as stored, Found, Search},
};
use serde::{Deserialize, Serialize};

use super::{Kind, Library, Question, place};

/// A way to find what answers a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// By words.
    Keyword,
    /// By meaning.
    Vector,
    /// By both.
    Fused,
    /// By both, and then ranked by a model that reads question and passage.
    Reranked,
}

/// How well questions were answered: each number is a mean over questions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The part of the questions for which a passage that answers is among the first five.
    pub recall: f64,
    /// The mean of one divided by the place of the first passage that answers, and 0 if none is among the first ten.
    pub mrr: f64,
}

/// What answers are told of what was found, with the thresholds of the product.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The part of the answerable questions of which a passage that answers is told.
    pub right: f64,
    /// The part of the questions without an answer of which any passage is told.
    pub wrong: f64,
}

/// How well a library answers questions in one way.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Questions in the words of the documents.
    pub words: Figures,
    /// Questions in other words.
    pub paraphrase: Figures,
    /// All of these.
    pub all: Figures,
    /// What answers are told.
    pub told: Told,
}

/// A passage that was found.
struct Passage {
    document: DocumentId,
    range: Range<i32>,
    is_told: bool,
}

/// So many are looked at for the mean reciprocal rank.
const FIRST: u32 = 10;

impl Quality {
    /// Asks every question.
    ///
    /// # Errors
    ///
    /// If a question names words that are not in its document, or the database or a model fails.
    pub async fn measure(library: &Library, questions: &[Question], way: Way) -> anyhow::Result<Self> {
        let answers = answers(library, questions).await?;
        let vectors = match way {
            Way::Keyword | Way::Reranked => vec![None; questions.len()],
            Way::Vector | Way::Fused => {
                let texts = questions.iter().map(|question| question.question.clone()).collect();
                library.embed(texts).await?.into_iter().map(Some).collect()
            }
        };
        let mut asked = Vec::new();
        for ((question, vector), answers) in questions.iter().zip(vectors).zip(&answers) {
            let found = match way {
                Way::Reranked => ask(library, &question.question).await?,
                // Without words, nothing is found by them.
                Way::Vector => find(library, "", vector).await?,
                Way::Keyword | Way::Fused => find(library, &question.question, vector).await?,
            };
            let answers_it = |passage: &Passage| answers.iter().any(|answer| is_shown(answer, passage));
            let told = found.iter().filter(|passage| passage.is_told).take(library.limits.passages as usize);
            let (told_any, told_right) =
                told.fold((false, false), |(_, right), passage| (true, right || answers_it(passage)));
            asked.push(Asked { kind: question.kind, rank: found.iter().position(answers_it), told_any, told_right });
        }
        let of = |kinds: &[Kind]| -> Vec<&Asked> { asked.iter().filter(|asked| kinds.contains(&asked.kind)).collect() };
        let (answerable, unanswerable) = (of(&[Kind::Words, Kind::Paraphrase]), of(&[Kind::Unanswerable]));
        Ok(Self {
            words: figures(&of(&[Kind::Words])),
            paraphrase: figures(&of(&[Kind::Paraphrase])),
            all: figures(&answerable),
            told: Told {
                right: mean(&answerable, |asked| f64::from(asked.told_right)),
                wrong: mean(&unanswerable, |asked| f64::from(asked.told_any)),
            },
        })
    }
}

/// What became of a question.
struct Asked {
    kind: Kind,
    /// The place of the first passage that answers, from 0 on.
    rank: Option<usize>,
    told_any: bool,
    told_right: bool,
}

fn figures(asked: &[&Asked]) -> Figures {
    let reciprocal = |rank: usize| if rank < FIRST as usize { 1.0 / (rank + 1) as f64 } else { 0.0 };
    Figures {
        recall: mean(asked, |asked| f64::from(asked.rank.is_some_and(|rank| rank < 5))),
        mrr: mean(asked, |asked| asked.rank.map_or(0.0, reciprocal)),
    }
}

fn mean(asked: &[&Asked], value: impl Fn(&Asked) -> f64) -> f64 {
    asked.iter().map(|asked| value(asked)).sum::<f64>() / asked.len().max(1) as f64
}

/// Whether at least half of an answer is in a passage.
fn is_shown((document, answer): &(DocumentId, Range<i32>), passage: &Passage) -> bool {
    let shown = answer.end.min(passage.range.end) - answer.start.max(passage.range.start);
    *document == passage.document && shown * 2 >= answer.end - answer.start
}

/// Where the answers of each question are.
async fn answers(library: &Library, questions: &[Question]) -> anyhow::Result<Vec<Vec<(DocumentId, Range<i32>)>>> {
    let mut texts = HashMap::new();
    for (id, document) in &library.documents {
        texts.insert(document.path.as_str(), (*id, library.text(*id).await?));
    }
    let answer = |quote: &super::Quote| {
        let (id, text) = texts.get(quote.document.as_str()).with_context(|| format!("no {}", quote.document))?;
        let place = place(text, &quote.quote);
        Ok((*id, place.with_context(|| format!("{} does not have once {:?}", quote.document, quote.quote))?))
    };
    questions.iter().map(|question| question.passages.iter().map(answer).collect()).collect()
}

/// What is found in the database.
async fn find(library: &Library, words: &str, vector: Option<Vec<f32>>) -> anyhow::Result<Vec<Passage>> {
    let limits = &library.limits;
    let tag = library.embedding.as_ref().map(|(_, tag)| tag.clone());
    let search = Search {
        query: words.to_owned(),
        vector: tag.zip(vector),
        limit: FIRST,
        candidates: limits.candidates,
        per_document: limits.per_document,
        exact_chunks: limits.exact_chunks,
    };
    let found = stored::search(&library.db, search).await?;
    let passage = |found: Found| Passage {
        document: found.document_id,
        range: found.start_char..found.end_char,
        is_told: limits.let_tell(&found),
    };
    Ok(found.into_iter().map(passage).collect())
}

/// What the procedure answers.
async fn ask(library: &Library, question: &str) -> anyhow::Result<Vec<Passage>> {
    let input = Ask { query: question.to_owned(), limit: Some(FIRST) };
    let result = library.caller.call::<search>(input).await.map_err(anyhow::Error::msg)?;
    anyhow::ensure!(result.reranked, "nothing was reranked: does the reranker answer?");
    let limits = &library.limits;
    let passage = |hit: api_contract::knowledge::Hit| {
        Ok(Passage {
            document: hit.document.id,
            range: i32::try_from(hit.chunk.start)?..i32::try_from(hit.chunk.end)?,
            is_told: hit.scores.semantic.is_some_and(|similarity| similarity >= limits.passage_similarity),
        })
    };
    result.hits.into_iter().map(passage).collect()
}
