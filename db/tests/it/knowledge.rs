//! Documents: how they are worked on, and what is found of them.

use std::time::Duration;

use chrono::{Days, Utc};
use db::{
    DocumentId, InstanceId, TenantDb,
    accounts::Account,
    knowledge::{
        EmbeddingTag,
        documents::{self, Added, DocumentState, NewDocument},
        indexing::{self, Claimed, Ending, NewChunk, NewText},
        search::{self, Found, MARK_END, MARK_START, Search},
        vector_index, vectors,
    },
    testing::TestDb,
};

use crate::register;

const LEASE: Duration = Duration::from_secs(60);

fn hash(text: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    // Texts of these tests differ in their first 32 bytes.
    text.bytes().zip(&mut hash).for_each(|(byte, hash)| *hash = byte);
    hash
}

fn tag() -> EmbeddingTag {
    EmbeddingTag::new("tiny", 2).unwrap()
}

async fn add(db: &TenantDb, account: &Account, title: &str, content: &str) -> Added {
    let new = NewDocument {
        title: title.to_owned(),
        format: "text".to_owned(),
        bytes: content.as_bytes().to_vec(),
        content_hash: hash(content),
        added_by: account.user.id,
    };
    let mut tx = db.begin().await.unwrap();
    let added = documents::add(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    added
}

async fn claim(db: &TestDb, owner: InstanceId) -> Vec<Claimed> {
    indexing::claim(&db.database.system(), owner, LEASE, 10).await.unwrap()
}

fn chunks(texts: &[&str]) -> Vec<NewChunk> {
    let mut end = 0;
    let chunk = |text: &&str| {
        let start = end;
        end += i32::try_from(text.chars().count()).unwrap();
        let heading_path = vec!["Part".to_owned()];
        NewChunk { heading_path, start, end, text: (*text).to_owned(), embedded_hash: hash(text) }
    };
    texts.iter().map(chunk).collect()
}

/// Adds a document and reads it, each text as a chunk; with a vector for each if there are any.
async fn index(
    db: &TestDb,
    tenant: &TenantDb,
    account: &Account,
    title: &str,
    texts: &[&str],
    with: &[[f32; 2]],
) -> DocumentId {
    add(tenant, account, title, &texts.concat()).await;
    let owner = InstanceId::generate();
    let claimed = claim(db, owner).await.remove(0);
    let text = NewText { text: texts.concat(), language: "english".to_owned(), chunks: chunks(texts) };
    let vectors: Vec<(i32, Vec<f32>)> = (0..).zip(with).map(|(ordinal, vector)| (ordinal, vector.to_vec())).collect();
    let mut tx = tenant.begin().await.unwrap();
    assert!(indexing::store(&mut tx, claimed.id, owner, text).await.unwrap());
    vectors::store(&mut tx, claimed.id, &tag(), &vectors).await.unwrap();
    let ending = Ending::Indexed((!with.is_empty()).then(tag));
    indexing::end(&mut tx, claimed.id, owner, ending).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    claimed.id
}

fn asked(query: &str, vector: Option<[f32; 2]>) -> Search {
    Search {
        query: query.to_owned(),
        vector: vector.map(|vector| (tag(), vector.to_vec())),
        limit: 5,
        candidates: 50,
        per_document: 3,
        exact_chunks: 1_000,
    }
}

async fn find(db: &TenantDb, query: &str, vector: Option<[f32; 2]>) -> Vec<Found> {
    search::search(db, asked(query, vector)).await.unwrap()
}

fn texts(found: &[Found]) -> Vec<String> {
    found.iter().map(|found| found.marked.replace([MARK_START, MARK_END], "")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_content_is_one_document_and_one_that_failed_is_read_again() {
    let db = TestDb::new().await;
    let (account, tenant) = register(&db, "ada@example.com", 1).await;
    let Added::New(new) = add(&tenant, &account, "Hours", "open at nine").await else { panic!("it is new") };
    assert_eq!(add(&tenant, &account, "Again", "open at nine").await, Added::Present(new.clone()));

    let owner = InstanceId::generate();
    assert_eq!(claim(&db, owner).await[0].id, new.id);
    let mut tx = tenant.begin().await.unwrap();
    let failed = indexing::end(&mut tx, new.id, owner, Ending::Failed("damaged".to_owned())).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!((failed.state, failed.reason.as_deref()), (DocumentState::Failed, Some("damaged")));
    assert!(claim(&db, owner).await.is_empty(), "who failed is left alone");

    let Added::Again(again) = add(&tenant, &account, "Again", "open at nine").await else { panic!("it is read again") };
    assert_eq!((again.id, again.state, again.reason), (new.id, DocumentState::Pending, None));
    assert_eq!(again.title, "Again");
    assert_eq!(claim(&db, owner).await[0].attempts, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_instance_works_on_a_document_until_its_lease_runs_out() {
    let db = TestDb::new().await;
    let (account, tenant) = register(&db, "ada@example.com", 1).await;
    add(&tenant, &account, "Hours", "open at nine").await;
    let (one, other, system) = (InstanceId::generate(), InstanceId::generate(), db.database.system());
    let id = claim(&db, one).await[0].id;
    assert!(claim(&db, other).await.is_empty());
    assert_eq!(indexing::renew(&system, one, LEASE, vec![id]).await.unwrap(), [id]);

    // As if it had died a while ago.
    db.run_sql("UPDATE documents SET lease_until = now() - interval '1 second'").await.unwrap();
    let taken = claim(&db, other).await;

    assert_eq!((taken[0].id, taken[0].attempts), (id, 2));
    assert!(indexing::renew(&system, one, LEASE, vec![id]).await.unwrap().is_empty());
    let text = || NewText { text: "open".to_owned(), language: "english".to_owned(), chunks: chunks(&["open"]) };
    let mut tx = tenant.begin().await.unwrap();
    assert!(!indexing::store(&mut tx, id, one, text()).await.unwrap(), "it is not its own any more");
    assert_eq!(indexing::end(&mut tx, id, one, Ending::Failed("late".to_owned())).await.unwrap(), None);
    assert!(indexing::store(&mut tx, id, other, text()).await.unwrap());
    assert!(!indexing::store(&mut tx, id, other, text()).await.unwrap(), "it is read once");
    tx.commit().await.unwrap();
    assert_eq!(db.look("SELECT (bytes IS NULL)::text AS value FROM document_contents").await, ["true"]);

    // It is given back, and waits until it is due.
    indexing::give_back(&system, other).await.unwrap();
    let again = claim(&db, one).await;
    assert!(again[0].is_read);
    let mut tx = tenant.begin().await.unwrap();
    let tomorrow = Utc::now() + Days::new(1);
    indexing::end(&mut tx, id, one, Ending::Postponed("no money".to_owned(), tomorrow)).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert!(claim(&db, other).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_found_in_any_form_and_rare_ones_count_more() {
    let db = TestDb::new().await;
    let (account, tenant) = register(&db, "ada@example.com", 1).await;
    index(
        &db,
        &tenant,
        &account,
        "Shop",
        &["The shop opens at nine.", "The shop sells maps.", "Shops are closed."],
        &[],
    )
    .await;
    index(&db, &tenant, &account, "Zoo", &["The zoo has elephants.", "It isn't a shop."], &[]).await;

    let found = find(&tenant, "an elephant in the shop", None).await;

    assert_eq!(texts(&found)[0], "The zoo has elephants.");
    assert_eq!(found.len(), 5, "{found:?}");
    assert!(found[0].keyword > found[1].keyword);
    assert!(found[0].coverage > 0.5 && found[1].coverage < 0.5, "{found:?}");
    assert_eq!(found[0].marked, format!("The zoo has {MARK_START}elephants{MARK_END}."));
    assert_eq!((found[0].semantic, found[0].title.as_str(), found[0].ordinal), (None, "Zoo", 0));
    assert_eq!((found[0].start_char, found[0].end_char), (0, 22));
    assert!(find(&tenant, "the and of", None).await.is_empty());
    assert!(find(&tenant, "giraffe", None).await.is_empty());
    // What is no word for full-text search, and what would be an operator.
    assert!(find(&tenant, "'\\ & | ! <-> :* (", None).await.is_empty());
    assert_eq!(
        texts(&find(&tenant, "elephants'\\ | !nine", None).await),
        ["The zoo has elephants.", "The shop opens at nine."]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn how_much_of_a_question_is_covered_counts_words_that_no_document_has() {
    let db = TestDb::new().await;
    let (account, tenant) = register(&db, "ada@example.com", 1).await;
    index(&db, &tenant, &account, "Zoo", &["The animals are sleeping.", "A zoo is large."], &[]).await;
    let coverage = async |query: &str| find(&tenant, query, None).await[0].coverage;

    assert_eq!(coverage("the sleeping animals").await, 1.0);
    let half = coverage("sleeping submarines").await;
    assert!(half > 0.0 && half < 0.5, "{half}");
    assert_eq!(coverage("animals animals").await, 1.0);
    // Each language makes other words of the same, and has other words that say nothing.
    db.run_sql("UPDATE knowledge_totals SET languages = '{english,german}'").await.unwrap();
    assert_eq!(coverage("the sleeping animals").await, 1.0);
    assert!(coverage("sleeping submarines").await < 0.5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_sides_find_comes_first_and_one_document_does_not_fill_the_page() {
    let db = TestDb::new().await;
    let (account, tenant) = register(&db, "ada@example.com", 1).await;
    let many = ["cats one", "cats two", "cats three", "cats four"];
    index(&db, &tenant, &account, "Many", &many, &[[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4]]).await;
    index(&db, &tenant, &account, "Felines", &["kittens and their tails"], &[[1.0, 0.0]]).await;
    index(&db, &tenant, &account, "Dogs", &["dogs bark"], &[[0.0, 1.0]]).await;

    let found = find(&tenant, "cats", Some([1.0, 0.0])).await;

    let titles: Vec<&str> = found.iter().map(|found| found.title.as_str()).collect();
    assert_eq!(titles, ["Many", "Many", "Many", "Felines", "Dogs"], "{found:?}");
    assert_eq!(found[0].marked, format!("{MARK_START}cats{MARK_END} one"));
    assert!(found[3].semantic.unwrap() > 0.999 && found[3].keyword.is_none());
    assert!(found[0].semantic.unwrap() > 0.9 && found[0].keyword.unwrap() > 0.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_of_vectors_finds_the_tenants_own_among_many_others() {
    let db = TestDb::new().await;
    let (red, red_tenant) = register(&db, "red@example.com", 1).await;
    let (blue, blue_tenant) = register(&db, "blue@example.com", 2).await;
    index(&db, &red_tenant, &red, "Red", &["red one", "red two", "red three"], &[[0.9, 0.1], [0.5, 0.5], [0.1, 0.9]])
        .await;
    // All of blue's are closer to what is asked.
    let others: Vec<String> = (0..300).map(|n| format!("blue {n}")).collect();
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    let close: Vec<[f32; 2]> = (0..300_u16).map(|n| [1.0, f32::from(n) / 10_000.0]).collect();
    index(&db, &blue_tenant, &blue, "Blue", &others, &close).await;

    assert!(!vector_index::ensure(&db.database, &tag(), 300).await.unwrap(), "nobody has more");
    assert!(vector_index::ensure(&db.database, &tag(), 2).await.unwrap());
    assert!(vector_index::ensure(&db.database, &tag(), 2).await.unwrap(), "it is there");
    let search = Search { exact_chunks: 2, ..asked("nothing", Some([1.0, 0.0])) };
    let found = search::search(&red_tenant, search.clone()).await.unwrap();

    assert_eq!(texts(&found), ["red one", "red two", "red three"]);
    let exact = find(&red_tenant, "nothing", Some([1.0, 0.0])).await;
    assert_eq!(found, exact);
    // The index is that of the model that is used.
    let other = EmbeddingTag::new("it's another", 3).unwrap();
    assert!(vector_index::ensure(&db.database, &other, 2).await.unwrap());
    let indexes = "SELECT indexdef AS value FROM pg_indexes WHERE indexname LIKE 'chunk_vectors_near%'";
    let indexes = db.look(indexes).await;
    assert!(indexes.len() == 1 && indexes[0].contains("it''s another@3"), "{indexes:?}");
    assert_eq!(texts(&search::search(&red_tenant, search).await.unwrap()), ["red one", "red two", "red three"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn vectors_are_reused_and_those_of_another_model_are_made_anew() {
    let db = TestDb::new().await;
    let (account, tenant) = register(&db, "ada@example.com", 1).await;
    let first = index(&db, &tenant, &account, "First", &["same", "other"], &[[1.0, 0.0], [0.0, 1.0]]).await;
    let second = index(&db, &tenant, &account, "Second", &["new", "same"], &[]).await;

    vectors::reuse(&tenant, second, &tag()).await.unwrap();

    let missing = vectors::missing(&tenant, second, &tag(), 10).await.unwrap();
    assert_eq!(missing.iter().map(|chunk| (chunk.ordinal, chunk.text.as_str())).collect::<Vec<_>>(), [(0, "new")]);

    let (system, owner) = (db.database.system(), InstanceId::generate());
    let outdated = async |tag: &EmbeddingTag| {
        let claimed = indexing::claim_outdated(&system, owner, LEASE, 10, tag).await.unwrap();
        claimed.iter().map(|claimed| claimed.id).collect::<Vec<_>>()
    };
    assert_eq!(outdated(&tag()).await, [second]);
    let other = EmbeddingTag::new("other", 3).unwrap();
    assert_eq!(outdated(&other).await, [first]);
    let mut tx = tenant.begin().await.unwrap();
    let vectors = [(0, vec![1.0, 0.0, 0.0]), (1, vec![0.0, 1.0, 0.0]), (7, vec![0.0, 0.0, 1.0])];
    vectors::store(&mut tx, first, &other, &vectors).await.unwrap();
    vectors::delete_others(&mut tx, first, &other).await.unwrap();
    indexing::end(&mut tx, first, owner, Ending::Indexed(Some(other))).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let left = "SELECT ordinal || embedding AS value FROM chunk_vectors JOIN documents ON documents.id = document_id
                 WHERE title = 'First' ORDER BY 1";
    assert_eq!(
        db.look(left.replace("|| embedding", "|| chunk_vectors.embedding").as_str()).await,
        ["0other@3", "1other@3"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_text_is_counted_in_characters_and_may_be_anywhere() {
    let db = TestDb::new().await;
    let (account, tenant) = register(&db, "ada@example.com", 1).await;
    let id = index(&db, &tenant, &account, "Fish", &["né 🐟 sea"], &[]).await;
    let part = async |from, characters| {
        documents::with_text(&tenant, id, from, characters).await.unwrap().expect("it is there").1
    };

    assert_eq!(part(0, u32::MAX).await, "né 🐟 sea");
    assert_eq!(part(1, 4).await, "é 🐟 ");
    assert_eq!(part(8, 10).await, "");
    assert_eq!(part(u32::MAX, u32::MAX).await, "");
    assert_eq!(part(3, 0).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_document_that_is_deleted_and_no_tenant_finds_anothers() {
    let db = TestDb::new().await;
    let (red, red_tenant) = register(&db, "red@example.com", 1).await;
    let (_, blue) = register(&db, "blue@example.com", 2).await;
    let id = index(&db, &red_tenant, &red, "Secret", &["a red secret"], &[[1.0, 0.0]]).await;

    assert!(find(&blue, "secret", Some([1.0, 0.0])).await.is_empty());
    assert_eq!(documents::with_text(&blue, id, 0, 10).await.unwrap(), None);
    let delete = async |tenant: &TenantDb| {
        let mut tx = tenant.begin().await.unwrap();
        let is_deleted = documents::delete(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        is_deleted
    };
    assert!(!delete(&blue).await);
    assert_eq!(find(&red_tenant, "secret", None).await.len(), 1);
    assert!(delete(&red_tenant).await);
    assert!(find(&red_tenant, "secret", Some([1.0, 0.0])).await.is_empty());
    let left = "SELECT (SELECT count(*) FROM postings) + (SELECT count(*) FROM chunks) + (SELECT count(*) FROM chunk_vectors)
                     + (SELECT count(*) FROM document_contents) || ' ' || chunks || ' ' || words AS value FROM knowledge_totals";
    assert_eq!(db.look(left).await, ["0 0 0"]);
}

#[test]
fn a_tag_says_which_vectors_it_means() {
    let tag: EmbeddingTag = "intfloat/e5@large@1024".parse().unwrap();
    assert_eq!((tag.model(), tag.dimensions()), ("intfloat/e5@large", 1024));
    for text in ["", "model", "@3", "model@0", "model@4001", "model@many"] {
        assert!(text.parse::<EmbeddingTag>().is_err(), "{text:?}");
    }
}
