//! The protocol over a WebSocket, without a socket: frames in, frames out, nothing in between but polling.

mod calls;
mod connection;
mod limits;
mod messages;
mod procedures;
mod subscriptions;

use futures_util::{FutureExt, StreamExt};
use http::Request;
use procedures::Probe;
use serde_json::{Value, json};
use tintype::{
    Context, Failure,
    protocol::{Hooks, ProtocolOptions, Responder, WebSocketConnection, WebSocketFrame, WebSocketOptions},
};

/// A client of a connection that runs exactly as far as it can without waiting.
struct Client {
    connection: WebSocketConnection<Probe>,
    probe: Probe,
}

impl Client {
    fn new() -> Self {
        Self::at("/")
    }

    fn at(uri: &str) -> Self {
        Self::with(Request::get(uri), WebSocketOptions::default(), |_| Ok(()))
    }

    fn limited(change: impl FnOnce(&mut WebSocketOptions)) -> Self {
        let mut options = WebSocketOptions::default();
        change(&mut options);
        Self::with(Request::get("/"), options, |_| Ok(()))
    }

    fn with(
        request: http::request::Builder,
        websocket: WebSocketOptions,
        guard: impl Fn(&Context<Probe>) -> Result<(), Failure> + Send + Sync + 'static,
    ) -> Self {
        let probe = Probe::default();
        let mut options = ProtocolOptions::default();
        options.websocket = websocket;
        let hooks = Hooks { guard: Some(Box::new(guard)), ..Hooks::default() };
        let responder = Responder::new(procedures::router(), probe.clone(), options, hooks).unwrap();
        let (head, ()) = request.body(()).unwrap().into_parts();
        Self { connection: responder.connect(head, None), probe }
    }

    fn send(&mut self, message: Value) {
        self.connection.receive_text(&message.to_string());
    }

    fn call(&mut self, id: impl Into<Value>, method: &str, path: &str) {
        self.send(json!({ "id": id.into(), "method": method, "params": { "path": path } }));
    }

    fn call_with(&mut self, id: impl Into<Value>, method: &str, path: &str, input: Value) {
        self.send(json!({ "id": id.into(), "method": method, "params": { "path": path, "input": input } }));
    }

    fn stop(&mut self, id: impl Into<Value>) {
        self.send(json!({ "id": id.into(), "method": "subscription.stop" }));
    }

    /// The next frame, if there is one without waiting; the inner `None` is the end of the connection.
    fn next(&mut self) -> Option<Option<WebSocketFrame>> {
        self.connection.next().now_or_never()
    }

    /// The next frame as text.
    fn text(&mut self) -> String {
        match self.next() {
            Some(Some(WebSocketFrame::Text(text))) => text,
            other => panic!("expected a text frame: {other:?}"),
        }
    }

    /// The next frame as a message.
    fn message(&mut self) -> Value {
        serde_json::from_str(&self.text()).unwrap()
    }

    /// Every message that comes without waiting.
    fn messages(&mut self) -> Vec<Value> {
        let mut messages = Vec::new();
        while let Some(Some(WebSocketFrame::Text(text))) = self.next() {
            messages.push(serde_json::from_str(&text).unwrap());
        }
        messages
    }

    #[track_caller]
    fn assert_silent(&mut self) {
        assert_eq!(self.next(), None);
    }
}

fn data(id: impl Into<Value>, value: Value) -> Value {
    json!({ "id": id.into(), "result": { "type": "data", "data": value } })
}

fn started(id: impl Into<Value>) -> Value {
    json!({ "id": id.into(), "result": { "type": "started" } })
}

fn stopped(id: impl Into<Value>) -> Value {
    json!({ "id": id.into(), "result": { "type": "stopped" } })
}

/// The id, the code and the path of an error.
fn error_of(message: &Value) -> (Value, String, Option<String>) {
    let data = &message["error"]["data"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    (message["id"].clone(), text(&data["code"]).unwrap(), text(&data["path"]))
}

fn text_of(message: &Value) -> &str {
    message["error"]["message"].as_str().unwrap()
}
