//! `search` and `search-speed`: how well and how fast documents are found.

use std::{num::NonZeroUsize, path::PathBuf, sync::Arc, thread};

use anyhow::{Context, bail};
use api_contract::providers::{Embedder, Reranker};
use bench::search::{
    Library, PrivateDatabase, Quality, Recorded, Recorder, Report, SpeedOptions, Way, documents, folder, measure_speed,
    questions,
};
use clap::Args;
use db::knowledge::EmbeddingTag;
use server::{
    LocalModel,
    openai::{HttpReranker, OpenAiOptions},
};
use url::Url;

use crate::types::replace_marked;

/// Which models find.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Embeds with the model in this folder, and records its vectors, instead of taking those that were recorded.
    #[arg(long)]
    model: Option<PathBuf>,
    /// Ranks what was found too, as `TINTYPE_RERANK_URL` says.
    #[arg(long, requires = "rerank_model")]
    rerank_url: Option<Url>,
    /// The model that ranks.
    #[arg(long, requires = "rerank_url")]
    rerank_model: Option<String>,
    /// Tries another part of the question's words that a passage must have to be told.
    #[arg(long, conflicts_with = "write")]
    coverage: Option<f64>,
    /// Tries another similarity that a passage must have to be told.
    #[arg(long, conflicts_with = "write")]
    similarity: Option<f64>,
    /// Keeps the figures, from which no change may lose, and writes the table into this file, between its marks.
    #[arg(long)]
    write: Option<PathBuf>,
    /// Keeps them although something is found worse than before.
    #[arg(long, requires = "write")]
    accept_loss: bool,
}

pub(crate) fn measure(options: &Options) -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(run(options))
}

pub(crate) fn speed(options: &SpeedOptions) -> anyhow::Result<()> {
    let table = tokio::runtime::Runtime::new()?.block_on(measure_speed(options))?;
    println!("{table}");
    match &options.write {
        Some(path) => replace_marked(path, "search-speed", &table),
        None => Ok(()),
    }
}

async fn run(options: &Options) -> anyhow::Result<()> {
    let recorder = options.model.as_deref().map(recorder).transpose()?;
    let vectors = folder().join("vectors.bin");
    let embedding: (Arc<dyn Embedder>, EmbeddingTag) = match &recorder {
        Some((recorder, tag)) => (Arc::new(recorder.clone()), tag.clone()),
        None => {
            let recorded = Recorded::read(&vectors)?;
            let tag = recorded.tag().clone();
            (Arc::new(recorded), tag)
        }
    };
    let reranker = match (&options.rerank_url, &options.rerank_model) {
        (Some(url), Some(model)) => {
            let reranker: Arc<dyn Reranker> = Arc::new(HttpReranker::new(OpenAiOptions::new(url.clone()))?);
            Some((reranker, model.clone()))
        }
        _ => None,
    };
    let ways: &[Way] = match reranker {
        Some(_) => &[Way::Keyword, Way::Vector, Way::Fused, Way::Reranked],
        None => &[Way::Keyword, Way::Vector, Way::Fused],
    };

    let private = PrivateDatabase::start().await?;
    eprintln!("reading the corpus with {}", embedding.1);
    let mut library = Library::open(private.database.clone(), documents()?, Some(embedding), reranker).await?;
    library.limits.passage_coverage = options.coverage.unwrap_or(library.limits.passage_coverage);
    library.limits.passage_similarity = options.similarity.unwrap_or(library.limits.passage_similarity);
    let questions = questions()?;
    let mut report = Report::default();
    for way in ways {
        eprintln!("{} questions, {way}", questions.len());
        report.insert(*way, Quality::measure(&library, &questions, *way).await?);
    }
    drop(library);
    private.stop()?;

    let table = report.table();
    println!("{table}");
    if options.write.is_some()
        && !options.accept_loss
        && let Ok(kept) = Report::read()
        && let losses = report.losses(&kept)
        && !losses.is_empty()
    {
        bail!("worse than before, so nothing was written (or pass --accept-loss): {}", losses.join(", "));
    }
    if let Some((recorder, _)) = &recorder {
        recorder.write(&vectors)?;
    }
    let Some(path) = &options.write else { return Ok(()) };
    report.write()?;
    replace_marked(path, "search", &table)
}

fn recorder(folder: &std::path::Path) -> anyhow::Result<(Recorder, EmbeddingTag)> {
    let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let model = LocalModel::open(folder, threads)?;
    let dimensions = u16::try_from(model.dimensions()).context("too many dimensions")?;
    let tag = EmbeddingTag::new(model.name(), dimensions)?;
    Ok((Recorder::new(Arc::new(model), tag.clone()), tag))
}
