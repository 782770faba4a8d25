use std::{fs, path::Path, sync::Arc};

use api_contract::providers::Embedder;
use bench::search::{Kind, Library, Quality, Recorded, Report, Way, documents, folder, questions};
use db::testing::TestDb;

#[test]
fn questions_are_told_apart_by_whether_something_answers_them() {
    let questions = questions().unwrap();

    for question in &questions {
        assert_eq!(question.passages.is_empty(), question.kind == Kind::Unanswerable, "{question:?}");
    }
    let count = |kind| questions.iter().filter(|question| question.kind == kind).count();
    assert!(count(Kind::Words) >= 50 && count(Kind::Paraphrase) >= 80 && count(Kind::Unanswerable) >= 40);
}

/// With the vectors that a model made when they were recorded.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_found_worse_than_the_documentation_says() {
    let again = "`cargo run --release -p bench -- search --model <folder> --write docs/knowledge.md`";
    let recorded = Recorded::read(&folder().join("vectors.bin")).unwrap();
    let tag = recorded.tag().clone();
    let embedding: (Arc<dyn Embedder>, _) = (Arc::new(recorded), tag);
    let database = TestDb::new().await.database;
    let library = Library::open(database, documents().unwrap(), Some(embedding), None).await;
    let library = library.unwrap_or_else(|error| panic!("{error:#}: record the vectors of new texts by {again}"));

    let (questions, mut report) = (questions().unwrap(), Report::default());
    for way in [Way::Keyword, Way::Vector, Way::Fused] {
        report.insert(way, Quality::measure(&library, &questions, way).await.unwrap());
    }

    let losses = report.losses(&Report::read().unwrap());
    assert!(losses.is_empty(), "found worse than before: {losses:?}");
    let documented = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/knowledge.md");
    let documented = fs::read_to_string(documented).unwrap();
    for row in report.table().lines() {
        assert!(documented.contains(row), "docs/knowledge.md is out of date, run {again}: {row}");
    }
}
