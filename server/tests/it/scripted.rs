//! An OpenAI-compatible server on a port of its own, whose every answer the test writes.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::Response,
    routing::post,
};
use futures_util::{StreamExt, stream};
use http::header;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch};

/// What comes of a request.
pub(crate) enum Script {
    /// An event stream.
    Stream(Vec<Step>),
    /// A status with a body, and perhaps the seconds after which to try again.
    Status(u16, String, Option<u64>),
}

/// What an event stream does.
pub(crate) enum Step {
    /// These bytes.
    Bytes(Vec<u8>),
    /// Nothing, for a while.
    Pause(Duration),
    /// Nothing any more.
    Stall,
    /// The connection breaks.
    Cut,
    /// These bytes again and again.
    Forever(Vec<u8>),
}

/// A server that runs until it is dropped.
pub(crate) struct Scripted {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

struct Shared {
    scripts: Mutex<VecDeque<Script>>,
    requests: Mutex<Vec<(Value, Option<String>)>>,
    /// How many answers nobody reads any more.
    left: watch::Sender<usize>,
}

impl Scripted {
    pub(crate) async fn start() -> Self {
        let shared =
            Arc::new(Shared { scripts: Mutex::default(), requests: Mutex::default(), left: watch::Sender::new(0) });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let paths = ["/v1/chat/completions", "/v1/embeddings", "/v2/rerank"];
        let app = paths.into_iter().fold(Router::new(), |app, path| app.route(path, post(answer)));
        let app = app.with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, shared, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// What comes of the next request that has no script.
    pub(crate) fn next(&self, script: Script) {
        self.shared.scripts.lock().unwrap().push_back(script);
    }

    /// A whole answer, with its usage.
    pub(crate) fn says(&self, words: &[&str]) {
        let words = words.iter().map(|word| text(word));
        self.next(Script::Stream(words.chain([end("stop"), usage(1_000, 200, 100), done()]).collect()));
    }

    /// A whole answer of JSON.
    pub(crate) fn answers(&self, json: &Value) {
        self.next(Script::Status(200, json.to_string(), None));
    }

    /// Bodies of the requests, and their keys.
    pub(crate) fn requests(&self) -> Vec<(Value, Option<String>)> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// Waits until so many answers are not read any more.
    pub(crate) async fn left(&self, count: usize) {
        let mut left = self.shared.left.subscribe();
        let left = left.wait_for(|left| *left >= count);
        tokio::time::timeout(Duration::from_secs(20), left).await.expect("the answer is still read").unwrap();
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn event(value: &Value) -> Step {
    Step::Bytes(format!("data: {value}\n\n").into_bytes())
}

/// A piece of text, as sparse servers send it.
pub(crate) fn text(text: &str) -> Step {
    event(&json!({ "choices": [{ "delta": { "content": text } }] }))
}

/// The end of the text.
pub(crate) fn end(reason: &str) -> Step {
    event(&json!({ "choices": [{ "delta": {}, "finish_reason": reason }], "service_tier": "of tomorrow" }))
}

pub(crate) fn usage(input: u64, cached: u64, output: u64) -> Step {
    event(&json!({
        "choices": [],
        "usage": {
            "prompt_tokens": input,
            "completion_tokens": output,
            "prompt_tokens_details": { "cached_tokens": cached },
        },
    }))
}

pub(crate) fn done() -> Step {
    Step::Bytes(b"data: [DONE]\n\n".to_vec())
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let key = request.headers().get(header::AUTHORIZATION).map(|key| key.to_str().unwrap().to_owned());
    let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap();
    shared.requests.lock().unwrap().push((serde_json::from_slice(&body).unwrap(), key));
    let script = shared.scripts.lock().unwrap().pop_front().expect("a request without a script");
    match script {
        Script::Status(status, body, retry_after) => {
            let mut response = Response::builder().status(status);
            if let Some(seconds) = retry_after {
                response = response.header(header::RETRY_AFTER, seconds);
            }
            response.body(Body::from(body)).unwrap()
        }
        Script::Stream(steps) => {
            let reader = Reader(shared);
            let bytes = stream::iter(steps).flat_map(|step| match step {
                Step::Bytes(bytes) => stream::once(async move { Ok(bytes) }).boxed(),
                Step::Pause(time) => stream::once(async move {
                    tokio::time::sleep(time).await;
                    Ok(Vec::new())
                })
                .boxed(),
                Step::Stall => stream::pending().boxed(),
                Step::Cut => stream::once(async {
                    // What was sent before it gets through.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    Err(io::Error::other("cut"))
                })
                .boxed(),
                Step::Forever(bytes) => stream::repeat_with(move || Ok(bytes.clone())).boxed(),
            });
            let bytes = bytes.map(move |bytes: io::Result<Vec<u8>>| {
                let _reader = &reader;
                bytes
            });
            let stream = Response::builder().header(header::CONTENT_TYPE, "text/event-stream");
            stream.body(Body::from_stream(bytes)).unwrap()
        }
    }
}

/// Notices when an answer is read no more.
struct Reader(Arc<Shared>);

impl Drop for Reader {
    fn drop(&mut self) {
        self.0.left.send_modify(|left| *left += 1);
    }
}
