//! Forms with files and plain bytes as inputs.

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt, stream};
use http::{Request, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tintype::{
    ByteStream, ErrorCode, Failure, Form, FormEntries, FormError, FormLimits,
    prelude::*,
    protocol::{Hooks, ProtocolOptions, RequestBody, Responder, ResponseBody, body_too_large},
};

#[derive(Debug, Deserialize, garde::Validate)]
#[serde(rename_all = "camelCase")]
#[garde(allow_unvalidated)]
#[allow(dead_code)]
struct Upload {
    #[garde(length(chars, min = 1))]
    album_name: String,
    pages: u8,
    #[serde(default)]
    tags: Vec<String>,
    public: Option<bool>,
    color: Option<Color>,
}

#[derive(Debug, Deserialize, Serialize, Type)]
#[serde(rename_all = "camelCase")]
enum Color {
    Red,
}

/// The fields, and the size of each file.
#[mutation(state = ())]
async fn upload(input: Form<Upload>) -> Result<String, FormError> {
    let Form { fields, mut entries } = input;
    let mut answer = format!("{fields:?}");
    while let Some(mut file) = entries.next().await? {
        let mut length = 0;
        while let Some(piece) = file.chunk().await? {
            length += piece.len();
        }
        answer.push_str(&format!(" {} {:?} {:?} {length}", file.name(), file.file_name(), file.content_type()));
    }
    Ok(answer)
}

/// The names of the entries, without their contents.
#[mutation(state = ())]
async fn names(input: FormEntries) -> Result<Vec<String>, FormError> {
    let mut input = input;
    let mut names = Vec::new();
    while let Some(entry) = input.next().await? {
        names.push(entry.name().to_owned());
    }
    Ok(names)
}

/// The length and the sum of the bytes.
#[mutation(state = ())]
async fn sum(input: ByteStream) -> Result<(u32, u32), Failure> {
    input
        .try_fold((0, 0), async |(length, sum), piece| {
            let bytes: u32 = piece.iter().map(|byte| u32::from(*byte)).sum();
            Ok((length + u32::try_from(piece.len()).unwrap(), sum + bytes))
        })
        .await
}

#[mutation(state = ())]
async fn text(input: Option<String>) -> Result<Option<String>, Never> {
    Ok(input)
}

#[query(state = ())]
async fn ping() -> Result<String, Never> {
    Ok("pong".to_owned())
}

const FORM: &str = "multipart/form-data; boundary=edge";

type Pieces = Vec<Result<Bytes, Failure>>;

async fn ask_with(request: http::request::Builder, body: RequestBody, limits: FormLimits) -> (StatusCode, Value) {
    let mut options = ProtocolOptions::default();
    options.form = limits;
    let router = router! { [upload, names, sum, text, ping] };
    let responder = Responder::new(router, (), options, Hooks::default()).unwrap();
    let (head, ()) = request.body(()).unwrap().into_parts();
    let response = responder.respond(head, body, None).await;
    let status = response.status();
    let ResponseBody::Full(json) = response.into_body() else { panic!("expected a whole body") };
    (status, serde_json::from_slice(&json).unwrap())
}

async fn ask(
    path: &str,
    content_type: &str,
    body: impl Stream<Item = Result<Bytes, Failure>> + Send + 'static,
) -> Value {
    let request = Request::post(path).header(header::CONTENT_TYPE, content_type);
    ask_with(request, RequestBody::pieces(body), FormLimits::default()).await.1
}

/// A body cut into pieces of `size` bytes.
fn pieces(body: &str, size: usize) -> impl Stream<Item = Result<Bytes, Failure>> + Send + 'static + use<> {
    let pieces: Pieces = body.as_bytes().chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces)
}

/// Name, file name and content.
type Entry<'a> = (&'a str, Option<&'a str>, &'a str);

fn form(entries: &[Entry<'_>]) -> String {
    let mut body = String::new();
    for (name, file, content) in entries {
        body.push_str(&format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\""));
        if let Some(file) = file {
            body.push_str(&format!("; filename=\"{file}\"\r\nContent-Type: image/png"));
        }
        body.push_str(&format!("\r\n\r\n{content}\r\n"));
    }
    body + "--edge--\r\n"
}

fn code(answer: &Value) -> &str {
    answer["error"]["data"]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_form_is_a_struct_of_its_fields_and_a_stream_of_its_files() {
    let body = form(&[
        ("albumName", None, "håll"),
        ("pages", None, "7"),
        ("tags", None, "a"),
        ("public", None, "on"),
        ("color", None, "red"),
        ("tags", None, "b"),
        ("picture", Some("ö.png"), "\u{0}\u{1}\r\n--edg"),
        ("picture", Some(""), ""),
    ]);

    for size in [1, 7, 10_000] {
        let answer = ask("/upload", FORM, pieces(&body, size)).await;

        assert_eq!(
            answer["result"]["data"],
            "Upload { album_name: \"håll\", pages: 7, tags: [\"a\", \"b\"], public: Some(true), color: Some(Red) } \
             picture Some(\"ö.png\") Some(\"image/png\") 9 picture Some(\"\") Some(\"image/png\") 0"
        );
    }
}

#[tokio::test]
async fn bad_fields_are_reported_at_their_names() {
    let cases: [(&[Entry<'_>], Value, &str); 6] = [
        (&[("albumName", None, "x")], json!(["pages"]), "missing"),
        (&[("albumName", None, "x"), ("pages", None, "many")], json!(["pages"]), "invalid_type"),
        (&[("albumName", None, "x"), ("pages", None, "")], json!(["pages"]), "invalid_type"),
        (&[("albumName", None, "x"), ("pages", None, "1"), ("color", None, "blue")], json!(["color"]), "invalid_type"),
        (&[("albumName", None, ""), ("pages", None, "1")], json!(["albumName"]), "constraint"),
        (&[("f", Some("f"), "x"), ("albumName", None, "x"), ("pages", None, "1")], json!(["albumName"]), "missing"),
    ];
    for (entries, path, issue) in cases {
        let answer = ask("/upload", FORM, pieces(&form(entries), 64)).await;

        assert_eq!(code(&answer), "BAD_REQUEST", "{answer}");
        assert_eq!(answer["error"]["data"]["path"], "upload");
        assert_eq!(answer["error"]["data"]["validation"][0]["path"], path, "{answer}");
        assert_eq!(answer["error"]["data"]["validation"][0]["code"], issue, "{answer}");
    }
}

#[tokio::test]
async fn entries_come_in_order_and_may_be_skipped() {
    let body = form(&[("b", None, "1"), ("a", Some("f"), &"x".repeat(100_000)), ("b", None, "2")]);

    let answer = ask("/names", FORM, pieces(&body, 1000)).await;

    assert_eq!(answer, json!({ "result": { "data": ["b", "a", "b"] } }));
}

#[tokio::test]
async fn a_form_that_is_larger_than_its_limits_is_refused() {
    let mut limits = FormLimits::default();
    limits.entries = 3;
    limits.text_bytes = 10;
    limits.file_bytes = 20;
    let text = |length: usize| "x".repeat(length);
    let fields = [("albumName", None, "x"), ("pages", None, "1")];
    let with = |entry| form(&[fields[0], fields[1], entry]);
    let cases = [
        (with(("tags", None, &text(10))), None),
        (with(("tags", None, &text(11))), Some("entryTooLarge")),
        (with(("f", Some("f"), &text(20))), None),
        (with(("f", Some("f"), &text(21))), Some("entryTooLarge")),
        (with(("f", Some("f"), &text(2000))), Some("entryTooLarge")),
        (form(&[fields[0], fields[1], ("a", Some("a"), ""), ("b", Some("b"), "")]), Some("tooManyEntries")),
    ];
    for (body, expected) in cases {
        let request = Request::post("/upload").header(header::CONTENT_TYPE, FORM);
        let body = RequestBody::pieces(pieces(&body, 16));
        let (status, answer) = ask_with(request, body, limits).await;

        assert_eq!(answer["error"]["data"]["error"]["kind"].as_str(), expected, "{answer}");
        assert_eq!(status == StatusCode::PAYLOAD_TOO_LARGE, expected.is_some());
    }
    let too_large = stream::iter([Ok(Bytes::from_static(b"--edge")), Err(body_too_large(6))]);
    let answer = ask("/names", FORM, too_large).await;
    assert_eq!(answer["error"]["data"]["error"]["kind"], "tooLarge");
    assert_eq!(code(&answer), "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_a_bad_request_of_its_call() {
    let whole = form(&[("albumName", None, "x"), ("pages", None, "1"), ("f", Some("f"), "content")]);
    for cut in [0, 1, 10, 60, 90, whole.len() - 10] {
        let answer = ask("/upload", FORM, pieces(&whole[..cut], 32)).await;

        assert_eq!(code(&answer), "BAD_REQUEST", "{cut}: {answer}");
        assert_eq!(answer["error"]["data"]["path"], "upload");
    }
    for content_type in ["multipart/form-data", "multipart/form-data; boundary=", "Multipart/Form-Data;boundary=other"]
    {
        let answer = ask("/upload", content_type, pieces(&whole, 1000)).await;

        assert_eq!(code(&answer), "BAD_REQUEST", "{content_type}: {answer}");
    }
    let gone = || Err(Failure::new(ErrorCode::ClientClosedRequest, "the request ended before its body did"));
    let answer = ask("/upload", FORM, stream::iter([Ok(Bytes::from(whole[..60].to_owned())), gone()])).await;
    assert_eq!(code(&answer), "CLIENT_CLOSED_REQUEST");
}

#[tokio::test]
async fn any_bytes_are_a_form_or_a_bad_request() {
    let whole = form(&[("albumName", None, "x"), ("pages", None, "1"), ("f", Some("f"), "content")]);
    for position in 0..whole.len() {
        for byte in [b'\r', b'\n', b'"', b'-', 0, 0xff] {
            let mut broken = whole.clone().into_bytes();
            broken[position] = byte;
            let answer = ask("/names", FORM, stream::iter([Ok(Bytes::from(broken))])).await;

            assert!(answer["result"]["data"].is_array() || code(&answer) == "BAD_REQUEST", "{answer}");
        }
    }
}

#[tokio::test]
async fn bytes_are_a_stream() {
    let octets = "Application/Octet-Stream; x=y";
    assert_eq!(ask("/sum", octets, pieces("abc", 1)).await, json!({ "result": { "data": [3, 294] } }));
    assert_eq!(ask("/sum", octets, stream::empty()).await, json!({ "result": { "data": [0, 0] } }));
}

#[tokio::test]
async fn kinds_of_input_are_not_mixed_up() {
    let body = form(&[("a", None, "1")]);
    for (path, content_type) in [
        ("/upload", "application/json"),
        ("/upload", "application/octet-stream"),
        ("/sum", "application/json"),
        ("/sum", FORM),
        ("/text", FORM),
        ("/text", "application/octet-stream"),
    ] {
        let answer = ask(path, content_type, pieces(&body, 100)).await;

        assert_eq!(code(&answer), "BAD_REQUEST", "{path} {content_type}");
        assert_eq!(answer["error"]["data"]["path"], path[1..]);
    }
}

#[tokio::test]
async fn forms_and_bytes_come_by_post_and_alone() {
    let body = || RequestBody::pieces(pieces(&form(&[("a", None, "1")]), 100));
    let ask = async |request: http::request::Builder, content_type: &str| {
        ask_with(request.header(header::CONTENT_TYPE, content_type), body(), FormLimits::default()).await
    };
    for (content_type, kind) in
        [(FORM, "multipart/form-data"), ("application/octet-stream;q=1", "application/octet-stream")]
    {
        for request in [Request::get("/ping"), Request::put("/names"), Request::options("/names")] {
            let (status, answer) = ask(request, content_type).await;

            assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(answer["error"]["message"], format!("Only POST requests are supported for {kind} requests"));
            assert_eq!(answer["error"]["data"].get("path"), None);
        }
    }
    let (_, answer) = ask(Request::post("/names?batch=1&connectionParams=nonsense"), FORM).await;
    assert_eq!(answer, json!({ "result": { "data": ["a"] } }));
    let (_, answer) = ask(Request::post("/names,names?batch=1"), FORM).await;
    assert_eq!(answer["error"]["message"], "No procedure found on path \"names,names\"");
    let (_, answer) = ask(Request::post("/names").header("trpc-accept", "application/jsonl"), FORM).await;
    assert_eq!(answer["result"]["data"], json!(["a"]));
    let (status, _) = ask(Request::post("/ping"), FORM).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn forms_and_bytes_are_made_in_process_too() {
    let caller = router! { [sum, names] }.caller(Context::builder(()).build());
    assert_eq!(caller.call::<sum>(ByteStream::from(Bytes::from_static(b"ab"))).await.unwrap(), (2, 195));

    let body = pieces(&form(&[("a", None, "1")]), 5);
    let entries = FormEntries::new(FORM, body, FormLimits::default()).unwrap();
    assert_eq!(caller.call::<names>(entries).await.unwrap(), ["a"]);
}
