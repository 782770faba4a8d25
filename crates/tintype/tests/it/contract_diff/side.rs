//! One side of a change: a router that serves, and a client that reads.

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use serde_json::Value;
use tintype::{
    Router,
    contract::{Contract, DescribeOptions},
    protocol::{Hooks, ProtocolOptions, Responder, ResponseBody},
};

/// A server, its contract, and how a client of the contract reads what it answers.
pub(super) struct Side {
    pub(super) contract: Contract,
    responder: Responder<()>,
    /// What a client makes of JSON, as JSON again; `None` if it cannot read it.
    view: fn(&str) -> Option<Value>,
}

impl Side {
    pub(super) fn new(router: fn() -> Router<()>, view: fn(&str) -> Option<Value>) -> Self {
        let contract = Contract::of(&router(), &DescribeOptions::default()).unwrap();
        contract.check().unwrap();
        let responder = Responder::new(router(), (), ProtocolOptions::default(), Hooks::default()).unwrap();
        Self { contract, responder, view }
    }

    /// Sends one request, and gives its status and the JSON of its answer.
    pub(super) async fn send(&self, method: Method, path: &str, body: &str) -> (StatusCode, Value) {
        let uri = format!("/{path}");
        let request = Request::builder().method(method).uri(uri).header(header::CONTENT_TYPE, "application/json");
        let (head, ()) = request.body(()).unwrap().into_parts();
        let body = Bytes::copy_from_slice(body.as_bytes());
        let response = self.responder.respond(head, Box::pin(async move { Ok(body) }), None).await;
        let status = response.status();
        let ResponseBody::Full(body) = response.into_body() else { panic!("expected a whole body") };
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// Sends an input to the procedure `echo`, and gives what it answers; `None` if it refuses the input.
    pub(super) async fn echo(&self, input: &str) -> Option<Value> {
        let (status, mut json) = self.send(Method::POST, "echo", input).await;
        (status == StatusCode::OK).then(|| json["result"]["data"].take())
    }

    /// Whether a client that reads `sent` has nothing that was not sent.
    pub(super) fn understands(&self, sent: &Value) -> bool {
        (self.view)(&sent.to_string()).is_some_and(|view| is_covered(&view, sent))
    }
}

/// Whether all of `view` is in `sent`: members that are not known are ignored, and missing ones are noticed.
fn is_covered(view: &Value, sent: &Value) -> bool {
    match (view, sent) {
        (Value::Object(view), Value::Object(sent)) => {
            view.iter().all(|(name, value)| sent.get(name).is_some_and(|sent| is_covered(value, sent)))
        }
        (Value::Array(view), Value::Array(sent)) => {
            view.len() == sent.len() && view.iter().zip(sent).all(|(view, sent)| is_covered(view, sent))
        }
        (Value::Number(view), Value::Number(sent)) => view.as_f64() == sent.as_f64(),
        (view, sent) => view == sent,
    }
}
