use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use clap::Args;
use db::{
    Database, InstanceId, TenantDb, UserId,
    knowledge::{
        EmbeddingTag,
        documents::{self, Added, NewDocument},
        indexing::{self, Ending, NewChunk, NewText},
        search::{self, Found, Search},
        vector_index, vectors,
    },
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use sha2::{Digest, Sha256};

use super::{Kind, Library, PrivateDatabase, Recorded, folder};

/// How many pieces of documents to search.
#[derive(Debug, Args)]
pub struct SpeedOptions {
    /// Pieces of documents of the workspace, from few to many.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 5_000, 20_000, 50_000, 200_000])]
    chunks: Vec<u32>,
    /// How often each question is asked.
    #[arg(long, default_value_t = 2)]
    rounds: u32,
    /// Writes the table into this file too, between its marks.
    #[arg(long)]
    pub write: Option<PathBuf>,
}

/// Pieces of one document.
const OF_A_DOCUMENT: u32 = 100;

/// What pieces are made of.
struct Material {
    sentences: Vec<String>,
    vectors: Vec<Vec<f32>>,
    random: StdRng,
}

/// Measures how long a search takes as the pieces of a workspace become more, and gives the table.
///
/// Pieces are sentences of the corpus in another order, and their vectors those of the corpus moved a little, so that
/// words are as frequent and vectors as crowded as in real documents.
///
/// # Errors
///
/// If PostgreSQL cannot be started, or fails.
pub async fn measure_speed(options: &SpeedOptions) -> anyhow::Result<String> {
    let recorded = Recorded::read(&folder().join("vectors.bin"))?;
    let questions = super::questions()?.into_iter().filter(|question| question.kind != Kind::Unanswerable);
    let questions: Vec<(String, Vec<f32>)> = questions
        .map(|question| {
            let vector = recorded.vector(&question.question).context("a question without a vector: record anew")?;
            Ok((question.question, vector))
        })
        .collect::<anyhow::Result<_>>()?;
    let mut material = Material::new(&recorded)?;

    let private = PrivateDatabase::start().await?;
    let database = private.database.clone();
    let mut library = Library::open(database.clone(), Vec::new(), None, None).await?;
    // Documents are added here, and by nobody else.
    library.stop_reading().await?;
    let (tenant, tag) = (&library.db, recorded.tag());

    let mut table = "| pieces | words: median | p95 | both, exact: median | p95 | both, index: median | p95 \
                     | of the ten nearest |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        .to_owned();
    let mut there = 0;
    for &chunks in &options.chunks {
        let began = Instant::now();
        while there < chunks {
            add(&database, tenant, library.reader, tag, &mut material).await?;
            there += OF_A_DOCUMENT;
        }
        eprintln!("{there} pieces after {:.0} s more; indexing them", began.elapsed().as_secs_f64());
        if !vector_index::ensure(&database, tag, 0).await? {
            bail!("the index was not made");
        }
        let searcher = Searcher { tenant, tag };
        let words =
            times(options, &questions, async |(words, _)| searcher.search(words, None, u64::MAX).await.map(drop));
        let words = words.await?;
        let exact = times(options, &questions, async |(words, vector)| {
            searcher.search(words, Some(vector), u64::MAX).await.map(drop)
        });
        let exact = exact.await?;
        let index =
            times(options, &questions, async |(words, vector)| searcher.search(words, Some(vector), 0).await.map(drop));
        let index = index.await?;
        let mut same = 0;
        for (_, vector) in &questions {
            let nearest = searcher.search("", Some(vector), u64::MAX).await?;
            let found = searcher.search("", Some(vector), 0).await?;
            let place = |found: &Found| (found.document_id, found.ordinal);
            let nearest: Vec<_> = nearest.iter().map(place).collect();
            same += found.iter().filter(|found| nearest.contains(&place(found))).count();
        }
        let same = same as f64 * 100.0 / (questions.len() * NEAREST as usize) as f64;
        let row = format!("| {there} | {words} | {exact} | {index} | {same:.1} % |\n");
        eprint!("{row}");
        table.push_str(&row);
    }
    drop(library);
    private.stop()?;
    Ok(table)
}

const NEAREST: u32 = 10;

/// Asks as the product does.
struct Searcher<'a> {
    tenant: &'a TenantDb,
    tag: &'a EmbeddingTag,
}

impl Searcher<'_> {
    async fn search(&self, words: &str, vector: Option<&Vec<f32>>, exact_chunks: u64) -> anyhow::Result<Vec<Found>> {
        let limits = api_contract::knowledge::KnowledgeLimits::default();
        let search = Search {
            query: words.to_owned(),
            vector: vector.map(|vector| (self.tag.clone(), vector.clone())),
            limit: NEAREST,
            candidates: limits.candidates,
            per_document: limits.per_document,
            exact_chunks,
        };
        Ok(search::search(self.tenant, search).await?)
    }
}

/// How long each question takes, one after the other: the median and the 95th percentile, in cells.
async fn times(
    options: &SpeedOptions,
    questions: &[(String, Vec<f32>)],
    ask: impl AsyncFn(&(String, Vec<f32>)) -> anyhow::Result<()>,
) -> anyhow::Result<String> {
    // The first ones read from the disk, and are not counted.
    for question in questions.iter().take(20) {
        ask(question).await?;
    }
    let mut times = Vec::new();
    for question in questions.iter().cycle().take(questions.len() * options.rounds as usize) {
        let began = Instant::now();
        ask(question).await?;
        times.push(began.elapsed());
    }
    times.sort();
    let part = |part: f64| times[((times.len() - 1) as f64 * part).round() as usize].as_secs_f64() * 1e3;
    Ok(format!("{:.1} ms | {:.1} ms", part(0.5), part(0.95)))
}

/// Adds a document, as the product does.
async fn add(
    database: &Database,
    tenant: &TenantDb,
    added_by: UserId,
    tag: &EmbeddingTag,
    material: &mut Material,
) -> anyhow::Result<()> {
    let bytes = material.random.random::<[u8; 32]>().to_vec();
    let new = NewDocument {
        title: material.sentence().chars().take(60).collect(),
        format: "text".to_owned(),
        content_hash: Sha256::digest(&bytes).into(),
        bytes,
        added_by,
    };
    let owner = InstanceId::generate();
    let mut tx = tenant.begin().await?;
    let Added::New(document) = documents::add(&mut tx, new).await? else { bail!("a document is there twice") };
    tx.commit().await?;
    indexing::claim(&database.system(), owner, Duration::from_secs(600), 1).await?;
    let mut text = NewText { text: String::new(), language: "english".to_owned(), chunks: Vec::new() };
    for _ in 0..OF_A_DOCUMENT {
        let chunk = material.chunk();
        let start = i32::try_from(text.text.chars().count())?;
        text.text.push_str(&chunk);
        text.chunks.push(NewChunk {
            heading_path: Vec::new(),
            start,
            end: i32::try_from(text.text.chars().count())?,
            embedded_hash: Sha256::digest(&chunk).into(),
            text: chunk,
        });
    }
    let near: Vec<(i32, Vec<f32>)> = (0..).zip((0..OF_A_DOCUMENT).map(|_| material.vector())).collect();
    let mut tx = tenant.begin().await?;
    if !indexing::store(&mut tx, document.id, owner, text).await? {
        bail!("somebody else reads the document");
    }
    vectors::store(&mut tx, document.id, tag, &near).await?;
    indexing::end(&mut tx, document.id, owner, Ending::Indexed(Some(tag.clone()))).await?;
    tx.commit().await?;
    Ok(())
}

impl Material {
    fn new(recorded: &Recorded) -> anyhow::Result<Self> {
        let mut sentences = Vec::new();
        for document in super::documents()? {
            let ends = document.markdown.split_inclusive(['.', '\n']).map(str::trim);
            sentences.extend(ends.filter(|sentence| sentence.len() > 20).map(str::to_owned));
        }
        Ok(Self { sentences, vectors: recorded.all(), random: StdRng::seed_from_u64(1) })
    }

    fn sentence(&mut self) -> &str {
        self.sentences.choose(&mut self.random).map_or("", String::as_str)
    }

    /// About 1,000 characters.
    fn chunk(&mut self) -> String {
        let mut text = String::new();
        while text.len() < 950 {
            text.push_str(self.sentence());
            text.push(' ');
        }
        text
    }

    /// A vector of the corpus, moved by about a fifth of its length.
    fn vector(&mut self) -> Vec<f32> {
        let vector = self.vectors.choose(&mut self.random).cloned().unwrap_or_default();
        let most = 0.35 / (vector.len() as f32).sqrt();
        vector.into_iter().map(|number| number + self.random.random_range(-most..most)).collect()
    }
}
