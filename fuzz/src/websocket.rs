//! The frames of a client on one WebSocket, one per line.
//!
//! A subscription of somebody else on the connection must survive whatever they say, unless they stop it by its id.
//! The first character says how the server is configured; the line `BINARY` is a binary frame.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use futures_util::StreamExt;
use serde_json::{Value, value::RawValue};
use tintype::{
    ErrorCode,
    protocol::{Hooks, ProtocolOptions, Responder, Transformer, WebSocketConnection, WebSocketFrame, WebSocketOptions},
};

use crate::{
    answer::{self, Wrapping},
    contract::{self, Probe},
    poll,
};

const CANARY: &str = "canary";

/// A server that is configured in some way.
struct Server {
    responder: Responder<Probe>,
    wrapping: Wrapping,
    probe: Probe,
    limits: WebSocketOptions,
}

static SERVERS: LazyLock<[Server; 3]> = LazyLock::new(|| {
    let limits = |change: fn(&mut WebSocketOptions)| {
        let mut options = WebSocketOptions::default();
        change(&mut options);
        options
    };
    [
        Server::new(Wrapping::Plain, WebSocketOptions::default()),
        Server::new(Wrapping::SuperJson, WebSocketOptions::default()),
        Server::new(
            Wrapping::Plain,
            limits(|options| {
                options.max_batch_size = Some(3);
                options.concurrent_calls = 2;
                options.waiting_calls = 2;
                options.waiting_bytes = 40;
                options.subscriptions = 3;
                options.queued_frames = 2;
            }),
        ),
    ]
});

impl Server {
    fn new(wrapping: Wrapping, limits: WebSocketOptions) -> Self {
        let mut options = ProtocolOptions::default();
        options.transformer = if wrapping == Wrapping::Plain { Transformer::Json } else { Transformer::SuperJson };
        options.websocket = limits.clone();
        let probe = Probe::default();
        let responder = Responder::new(contract::connected(), probe.clone(), options, Hooks::default());
        Self { responder: responder.expect("the contract has no mistakes"), wrapping, probe, limits }
    }
}

/// A message as a simple reading of the protocol finds it.
#[derive(Debug)]
struct Said {
    /// `None` is `null`.
    id: Option<Id>,
    method: String,
    path: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Id {
    Text(String),
    Number(u64),
}

/// What a message of the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Started,
    Data,
    Stopped,
    Failed(ErrorCode),
}

/// Says the frames to one connection; see the module for the form of `data`.
pub fn check(data: &[u8]) -> Option<()> {
    let (profile, rest) = data.split_first()?;
    let server = &SERVERS[usize::from(profile & 3).min(2)];
    let announces_params = profile & 4 != 0;
    let text = std::str::from_utf8(rest).ok()?;
    let mut frames = text.split('\n');
    assert_eq!(server.probe.running(), 0, "something was left behind");
    let head = answer::get(if announces_params { "/?connectionParams=1" } else { "/" })?;
    let mut client = Client { connection: server.responder.connect(head, None), server, known: BTreeSet::new() };

    while client.connection.awaits_connection_params() {
        let Some(frame) = frames.next() else { return Some(client.leave(true)) };
        if !client.introduce(frame) {
            return Some(());
        }
    }
    client.open_canary();
    let mut canary_lives = true;
    for frame in frames {
        canary_lives &= client.say(frame);
    }
    if canary_lives {
        client.stop_canary();
    }
    client.leave(profile & 8 == 0);
    Some(())
}

struct Client<'a> {
    connection: WebSocketConnection<Probe>,
    server: &'a Server,
    /// Every id that was used.
    known: BTreeSet<Id>,
}

impl Client<'_> {
    /// The frames that come without waiting, and whether the connection is over.
    fn frames(&mut self) -> (Vec<String>, bool) {
        let mut texts = Vec::new();
        let mut is_closing = false;
        while let Some(frame) = poll::settled(self.connection.next()) {
            match frame {
                Some(WebSocketFrame::Text(text)) if !is_closing => texts.push(text),
                Some(WebSocketFrame::Close) if !is_closing => is_closing = true,
                None if is_closing => return (texts, true),
                other => panic!("{other:?} after the end"),
            }
        }
        assert!(!is_closing, "closed, and yet not over");
        (texts, false)
    }

    /// Sends a frame that should have the connection params; says whether the connection goes on.
    fn introduce(&mut self, frame: &str) -> bool {
        self.send(frame);
        let (texts, is_over) = self.frames();
        match (frame, &*texts) {
            ("PING", [pong]) => assert_eq!(pong, "PONG"),
            (_, [refusal]) => {
                assert!(is_over, "refused, and yet open");
                let refusal: Value = serde_json::from_str(refusal).expect("a message is JSON");
                assert_eq!(self.read(&refusal), (None, Kind::Failed(ErrorCode::ParseError)));
            }
            (_, texts) => assert_eq!((texts.len(), is_over), (0, false)),
        }
        !is_over
    }

    fn send(&mut self, frame: &str) {
        if frame == "BINARY" { self.connection.receive_binary() } else { self.connection.receive_text(frame) }
    }

    fn open_canary(&mut self) {
        let input = if self.server.wrapping == Wrapping::Plain { r#""alive""# } else { r#"{"json":"alive"}"# };
        let message =
            format!(r#"{{"id":"{CANARY}","method":"subscription","params":{{"path":"stay","input":{input}}}}}"#);
        self.connection.receive_text(&message);
        let kinds: Vec<Kind> = self.messages().into_iter().map(|(_, kind)| kind).collect();
        assert_eq!((&*kinds, self.server.probe.running()), (&[Kind::Started, Kind::Data][..], 1));
        self.known.insert(Id::Text(CANARY.to_owned()));
    }

    fn stop_canary(&mut self) {
        self.connection.receive_text(&format!(r#"{{"id":"{CANARY}","method":"subscription.stop"}}"#));
        let canary = Some(Id::Text(CANARY.to_owned()));
        assert!(self.messages().contains(&(canary, Kind::Stopped)), "somebody else's subscription is gone");
    }

    /// Sends a frame and checks its answers; says whether it left the canary alone.
    fn say(&mut self, frame: &str) -> bool {
        self.send(frame);
        if matches!(frame, "PING" | "PONG") {
            let (texts, is_over) = self.frames();
            let pongs = if frame == "PING" { vec!["PONG"] } else { vec![] };
            assert_eq!((texts, is_over), (pongs.into_iter().map(str::to_owned).collect(), false));
            return true;
        }
        let messages = self.messages();
        assert!(self.connection.accepts_frames(), "nothing waits, and yet there is no room");
        let Some((is_batch, said)) = read_frame(frame).filter(|_| frame != "BINARY") else {
            // A batch that is too large is told so before its messages are read.
            let is_refused = matches!(&*messages, [(None, Kind::Failed(ErrorCode::ParseError))]);
            let is_large = frame.trim_ascii_start().starts_with('[')
                && messages.iter().all(|(_, kind)| *kind == Kind::Failed(ErrorCode::BadRequest));
            assert!(!messages.is_empty() && (is_refused || is_large), "{frame} is answered with {messages:?}");
            return true;
        };
        let stops_canary = said
            .iter()
            .any(|said| said.method == "subscription.stop" && matches!(&said.id, Some(Id::Text(id)) if id == CANARY));
        if is_batch && self.server.limits.max_batch_size.is_some_and(|limit| said.len() > limit) {
            let refused = |(_, kind): &(Option<Id>, Kind)| *kind == Kind::Failed(ErrorCode::BadRequest);
            assert!(!messages.is_empty() && messages.iter().all(refused), "{frame} is answered with {messages:?}");
            return true;
        }
        self.known.extend(said.iter().filter_map(|said| said.id.clone()));
        for (id, _) in &messages {
            assert!(id.as_ref().is_none_or(|id| self.known.contains(id)), "nobody used {id:?}");
        }
        let nobody = said.iter().filter(|said| said.id.is_none()).count();
        assert_eq!(messages.iter().filter(|(id, _)| id.is_none()).count(), nobody, "{frame}: {messages:?}");
        self.check_answers(&said, &messages);
        !stops_canary
    }

    /// Every query and mutation of a frame has an answer, if it could run.
    fn check_answers(&self, said: &[Said], messages: &[(Option<Id>, Kind)]) {
        if self.server.probe.running() >= self.server.limits.concurrent_calls {
            return;
        }
        let mut calls: BTreeMap<&Id, usize> = BTreeMap::new();
        for Said { id, method, path } in said {
            if let (Some(id), "query" | "mutation") = (id, method.as_str())
                && path != "wait"
            {
                *calls.entry(id).or_default() += 1;
            }
        }
        for (id, count) in calls {
            let is_answer = |(to, kind): &&(Option<Id>, Kind)| {
                to.as_ref() == Some(id) && matches!(kind, Kind::Data | Kind::Failed(_))
            };
            assert!(messages.iter().filter(is_answer).count() >= count, "{id:?} is not answered: {messages:?}");
        }
    }

    /// The messages that come without waiting; the connection stays open.
    fn messages(&mut self) -> Vec<(Option<Id>, Kind)> {
        let (texts, is_over) = self.frames();
        assert!(!is_over, "the connection is closed");
        let values = texts.iter().map(|text| serde_json::from_str(text).expect("a message is JSON"));
        values.map(|message: Value| self.read(&message)).collect()
    }

    fn read(&self, message: &Value) -> (Option<Id>, Kind) {
        let id = match &message["id"] {
            Value::Null => None,
            Value::String(id) => Some(Id::Text(id.clone())),
            Value::Number(id) => Some(Id::number(id.as_f64().expect("a double"))),
            other => panic!("no id: {other}"),
        };
        let Some(members) = message.as_object() else { panic!("no message: {message}") };
        let others = members.keys().filter(|key| !matches!(key.as_str(), "id" | "jsonrpc")).count();
        assert_eq!(others, 1, "a result or an error: {message}");
        let kind = match (members.get("error"), message["result"]["type"].as_str()) {
            (Some(error), None) => Kind::Failed(answer::error(self.server.wrapping, error)),
            (None, Some("started")) => Kind::Started,
            (None, Some("stopped")) => Kind::Stopped,
            (None, Some("data")) => Kind::Data,
            _ => panic!("no message: {message}"),
        };
        (id, kind)
    }

    /// Leaves the connection, after which nothing of it runs.
    fn leave(mut self, politely: bool) {
        let probe = self.server.probe.clone();
        if politely {
            self.connection.close();
            assert_eq!(probe.running(), 0, "something runs on after the close");
            assert!(self.frames().1, "closed, and yet not over");
        }
        drop(self);
        assert_eq!(probe.running(), 0, "something runs on without the connection");
    }
}

impl Id {
    fn number(number: f64) -> Self {
        Self::Number(if number == 0.0 { 0 } else { number.to_bits() })
    }

    /// `None` is no id, `Some(None)` is `null`.
    fn read(json: &str) -> Option<Option<Self>> {
        match json.as_bytes().first()? {
            b'n' => Some(None),
            _ if json.len() > 1024 => None,
            b'"' => Some(Some(Self::Text(serde_json::from_str(json).ok()?))),
            _ => Some(Some(Self::number(serde_json::from_str(json).ok()?))),
        }
    }
}

/// Whether the frame is an array, and its messages; `None` if one of them has not the right form.
fn read_frame(frame: &str) -> Option<(bool, Vec<Said>)> {
    let is_batch = frame.trim_ascii_start().starts_with('[');
    let texts: Vec<&RawValue> =
        if is_batch { serde_json::from_str(frame).ok()? } else { vec![serde_json::from_str(frame).ok()?] };
    Some((is_batch, texts.into_iter().map(|text| read_message(text.get())).collect::<Option<_>>()?))
}

fn read_message(text: &str) -> Option<Said> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    let text = |json: &RawValue| serde_json::from_str::<String>(json.get()).ok();
    let id = Id::read(fields.get("id")?.get())?;
    if let Some(version) = fields.get("jsonrpc") {
        text(version).filter(|version| version == "2.0")?;
    }
    let method = text(fields.get("method")?)?;
    let path = match method.as_str() {
        "subscription.stop" => String::new(),
        "query" | "mutation" | "subscription" => {
            let params: BTreeMap<String, &RawValue> = serde_json::from_str(fields.get("params")?.get()).ok()?;
            params.get("lastEventId").map_or(Some(String::new()), |id| text(id))?;
            text(params.get("path")?)?
        }
        _ => return None,
    };
    Some(Said { id, method, path })
}
