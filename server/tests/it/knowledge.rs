//! Documents on the real server: read in a process of their own, embedded and ranked over HTTP.

use std::{fmt::Write, time::Duration};

use http::{Request, header};
use serde_json::{Value, json};

use crate::{
    account::Account,
    client::{Answer, full, send},
    process::Server,
    scripted::{Script, Scripted},
};

async fn add(account: &Account, name: &str, file: &[u8]) -> Answer {
    let head = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         content-type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
    let request = Request::post("/trpc/knowledge.documents.add")
        .header(header::COOKIE, &account.cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    send(account.address, request.body(full(body)).unwrap()).await
}

/// The document called `title`, when `is_it` holds of it.
async fn document(account: &Account, title: &str, is_it: impl Fn(&Value) -> bool) -> Value {
    let wait = async {
        loop {
            let documents = account.query("knowledge.documents.list", None).await.data();
            let document = documents["items"].as_array().unwrap().iter().find(|document| document["title"] == title);
            if let Some(document) = document.filter(|document| is_it(document)) {
                return document.clone();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("the document does not become so")
}

/// What became of a document, and why.
async fn outcome(account: &Account, title: &str) -> (Value, Value) {
    let document = document(account, title, |document| document["state"] != "pending").await;
    (document["state"].clone(), document["reason"].clone())
}

async fn find(account: &Account, query: &str) -> Value {
    account.query("knowledge.search", Some(&json!({ "query": query }))).await.data()
}

/// A PDF with a line of text.
fn pdf(text: &str) -> Vec<u8> {
    let content = format!("BT /F1 24 Tf 72 700 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut pdf = "%PDF-1.7\n".to_owned();
    let mut offsets = Vec::new();
    for (object, number) in objects.iter().zip(1..) {
        offsets.push(pdf.len());
        let _ = write!(pdf, "{number} 0 obj\n{object}\nendobj\n");
    }
    let table = pdf.len();
    let _ = write!(pdf, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        let _ = writeln!(pdf, "{offset:010} 00000 n ");
    }
    let _ = write!(pdf, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    pdf.into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_of_every_format_are_read_and_found_and_hostile_ones_say_why_not() {
    let server = Server::start_with(&[("TINTYPE_DOCUMENT_SECONDS", "20")]).await;
    let account = Account::register(server.address, "ada@example.com").await;
    let html = "<html><title>Zoo</title><body><h1>Visits</h1><p>Elephants are fed at noon.</p></body></html>";
    let bomb = format!("<html>{}deep", "<div>".repeat(200_000));
    let whole = pdf("The lighthouse opens in May.");
    let files: [(&str, &[u8]); 6] = [
        ("plain.txt", b"The bakery sells rye bread."),
        ("notes.md", b"# Trains\n\nThe express leaves at **seven**."),
        ("zoo.html", html.as_bytes()),
        ("tower.pdf", &whole),
        ("bomb.html", bomb.as_bytes()),
        ("broken.pdf", &whole[..whole.len() / 2]),
    ];
    for (name, file) in files {
        let answer = add(&account, name, file).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    for (title, query, word) in [
        ("plain", "rye bread", "rye"),
        ("notes", "when does the express leave", "express"),
        ("zoo", "feeding elephants", "Elephants"),
        ("tower", "lighthouse", "lighthouse"),
    ] {
        assert_eq!(outcome(&account, title).await, (json!("indexed"), Value::Null), "{title}");
        let found = find(&account, query).await;
        let hit = &found["hits"][0];
        assert_eq!((&hit["document"]["title"], &found["mode"]), (&json!(title), &json!("keyword")), "{found}");
        assert!(hit["snippet"].as_str().unwrap().contains(word), "{found}");
    }
    assert_eq!(find(&account, "lighthouse").await["hits"][0]["chunk"]["headingPath"], json!(["Page 1"]));
    for (title, why) in [("bomb", "nested"), ("broken", "damaged")] {
        let (state, reason) = outcome(&account, title).await;
        assert_eq!(state, "failed");
        assert!(reason.as_str().unwrap().contains(why), "{reason}");
    }
}

/// A server whose texts are embedded by one provider.
async fn embedding(provider: &Scripted, more: &[(&str, &str)]) -> (Server, Account) {
    let url = provider.url();
    let variables = [
        ("TINTYPE_EMBEDDING_BASE_URL", url.as_str()),
        ("TINTYPE_EMBEDDING_API_KEY", "sk-vectors"),
        ("TINTYPE_EMBEDDING_MODEL", "tiny"),
        ("TINTYPE_EMBEDDING_DIMENSIONS", "2"),
        ("TINTYPE_AI_RETRIES", "0"),
    ];
    let server = Server::start_with(&[&variables[..], more].concat()).await;
    let account = Account::register(server.address, "ada@example.com").await;
    (server, account)
}

fn vectors(of: &[(usize, [f64; 2])], tokens: u64) -> Value {
    let data: Vec<Value> = of.iter().map(|(index, vector)| json!({ "index": index, "embedding": vector })).collect();
    json!({ "data": data, "model": "tiny", "usage": { "prompt_tokens": tokens, "total_tokens": tokens } })
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_embedded_over_http_in_batches_and_their_tokens_are_recorded() {
    let provider = Scripted::start().await;
    let (server, account) = embedding(&provider, &[]).await;
    // Two chunks, whose vectors come in another order than they were asked for.
    provider.answers(&vectors(&[(1, [0.0, 1.0]), (0, [1.0, 0.0])], 300));
    let section = |word: &str| format!("# {word}\n\n{}\n\n", format!("All about {word}. ").repeat(60));
    add(&account, "two.md", [section("cats"), section("dogs")].concat().as_bytes()).await;
    let indexed = document(&account, "two", |document| document["state"] == "indexed").await;
    assert_eq!((&indexed["chunks"], &indexed["hasVectors"]), (&json!(2), &json!(true)));

    provider.answers(&vectors(&[(0, [0.1, 1.0])], 5));
    let found = find(&account, "puppies").await;

    assert_eq!((&found["mode"], &found["hits"][0]["chunk"]["headingPath"]), (&json!("hybrid"), &json!(["dogs"])));
    let requests = provider.requests();
    let (body, key) = &requests[0];
    assert_eq!((key.as_deref(), &body["model"]), (Some("Bearer sk-vectors"), &json!("tiny")));
    assert_eq!(body["input"].as_array().unwrap().len(), 2);
    assert!(body["input"][0].as_str().unwrap().starts_with("two > cats\n\n"), "{body}");
    assert_eq!(body.get("dimensions"), None, "only models that can make fewer are told how many");
    assert_eq!(requests[1].0["input"], json!(["puppies"]));
    let recorded =
        "SELECT service || ' ' || model || ' ' || input_tokens AS value FROM cost_events ORDER BY created_at";
    assert_eq!(server.db.look(recorded).await, ["embedding tiny 300", "embedding tiny 5"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_provider_of_vectors_does_wrong_is_said_at_the_document() {
    let provider = Scripted::start().await;
    let (_server, account) = embedding(&provider, &[]).await;
    let nonsense = json!({ "data": [{ "index": 0, "embedding": [1.0, 0.0, 0.0] }] });
    provider.answers(&nonsense);
    for _ in 0..2 {
        provider.next(Script::Status(401, json!({ "error": { "message": "no such key" } }).to_string(), None));
    }
    // Until the test is over.
    for _ in 0..20 {
        provider.answers(&vectors(&[(0, [1.0, 0.0])], 5));
    }

    add(&account, "a.txt", b"A cat.").await;

    let waiting = document(&account, "a", |document| document["reason"].is_string()).await;
    assert_eq!(waiting["state"], "pending");
    let reason = waiting["reason"].as_str().unwrap();
    assert!(reason.contains("cannot be understood") || reason.contains("key"), "{reason}");
    assert_eq!(find(&account, "cat").await["hits"][0]["document"]["title"], "a", "its words are found meanwhile");
    document(&account, "a", |document| document["state"] == "indexed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_found_is_ranked_over_http_and_stays_as_it_is_when_that_fails() {
    let judge = Scripted::start().await;
    let url = format!("http://{}/v2/rerank", judge.address);
    let variables = [
        ("TINTYPE_RERANK_URL", url.as_str()),
        ("TINTYPE_RERANK_MODEL", "judge"),
        ("TINTYPE_RERANK_API_KEY", "sk-judge"),
        ("TINTYPE_AI_RETRIES", "0"),
    ];
    let server = Server::start_with(&variables).await;
    let account = Account::register(server.address, "ada@example.com").await;
    for (name, text) in [("short.txt", "The cat."), ("long.txt", "A cat, and a lot of words about other animals.")] {
        add(&account, name, text.as_bytes()).await;
        document(&account, name.trim_end_matches(".txt"), |document| document["state"] == "indexed").await;
    }
    let titles = |found: &Value| {
        let hits = found["hits"].as_array().unwrap();
        hits.iter().map(|hit| hit["document"]["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };

    judge.answers(&json!({
        "results": [{ "index": 1, "relevance_score": 0.9 }, { "index": 0, "relevance_score": 0.2 }],
        "usage": { "total_tokens": 40 },
    }));
    let ranked = find(&account, "cat").await;
    assert_eq!((titles(&ranked), &ranked["reranked"]), (vec!["long".to_owned(), "short".to_owned()], &json!(true)));
    assert_eq!(ranked["hits"][0]["scores"]["rerank"], json!(0.9));
    let (body, key) = judge.requests().remove(0);
    assert_eq!(
        (key.as_deref(), &body["query"], &body["model"]),
        (Some("Bearer sk-judge"), &json!("cat"), &json!("judge"))
    );
    assert_eq!(body["documents"][0], json!("short\n\nThe cat."));
    let recorded = "SELECT service || ' ' || provider || ' ' || input_tokens AS value FROM cost_events";
    assert_eq!(server.db.look(recorded).await, ["rerank 127.0.0.1 40"]);

    // One that forgets a text, one that is away.
    judge.answers(&json!({ "results": [{ "index": 1, "relevance_score": 0.9 }] }));
    judge.next(Script::Status(503, String::new(), None));
    for _ in 0..2 {
        let found = find(&account, "cat").await;
        assert_eq!((titles(&found), &found["reranked"]), (vec!["short".to_owned(), "long".to_owned()], &json!(false)));
    }
}
