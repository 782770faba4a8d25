//! What clients send, section 11.1 of the protocol: read without trust, and each mistake with its words.

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use crate::{
    connection_params::ConnectionParams,
    error::{ErrorCode, Failure},
    procedure::ProcedureKind,
};

/// Longest id, in bytes of JSON: every answer repeats it.
const ID_BYTES: usize = 1024;

/// Most messages of a batch that is too large of whose refusal the client is told: a small frame may hold many.
const TOLD: usize = 1000;

/// The id under which a client finds its answers: a number or a string, and 1 is not "1".
#[derive(Debug, Clone)]
pub(super) struct RequestId {
    json: Arc<str>,
    key: Key,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    /// The bits of the double that a client reads.
    Number(u64),
    Text(Arc<str>),
}

/// One message that has the right form.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) head: MessageHead,
    pub(super) request: Request,
}

/// What the answers to a message begin with.
#[derive(Debug, Clone)]
pub(super) struct MessageHead {
    /// `None` is `null`, which is answered but runs nothing.
    pub(super) id: Option<RequestId>,
    /// Whether the client named JSON-RPC, which answers repeat.
    pub(super) names_json_rpc: bool,
}

/// What a message asks for.
#[derive(Debug)]
pub(super) enum Request {
    Call(CallRequest),
    Stop,
}

/// A procedure to be called.
#[derive(Debug)]
pub(super) struct CallRequest {
    pub(super) kind: ProcedureKind,
    pub(super) path: String,
    /// As JSON text; `None` if there is none, which is not `null`.
    pub(super) input: Option<String>,
    pub(super) last_event_id: Option<String>,
}

/// The messages of one frame.
#[derive(Debug)]
pub(super) enum Messages {
    /// To be run, every one of them.
    Run(Vec<Message>),
    /// An array of more messages than allowed: who is to be told, and none of them runs.
    TooMany(Vec<MessageHead>),
}

/// Reads one frame: a message, or an array of at most `limit`.
pub(super) fn read(text: &str, limit: Option<usize>) -> Result<Messages, Failure> {
    let is_batch = text.trim_ascii_start().starts_with('[');
    if !is_batch {
        return Message::read(text).map(|message| Messages::Run(vec![message]));
    }
    let elements: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| malformed(&error))?;
    if limit.is_some_and(|limit| elements.len() > limit) {
        // Clients wait for an answer under each id, also where the message is otherwise malformed.
        let heads = elements.iter().filter_map(|element| MessageHead::of_refused(element.get())).take(TOLD).collect();
        return Ok(Messages::TooMany(heads));
    }
    elements.into_iter().map(|element| Message::read(element.get())).collect::<Result<_, _>>().map(Messages::Run)
}

/// Reads the first frame of a connection whose URL announces parameters; what its `method` says does not matter.
pub(super) fn read_connection_params(text: &str) -> Result<Option<ConnectionParams>, Failure> {
    match serde_json::from_str(text) {
        // Without `data`, as with any value that is not an object or `null`, the shape is wrong.
        Ok(Value::Object(mut message)) => {
            ConnectionParams::from_value(message.remove("data").unwrap_or(Value::Bool(false)))
        }
        _ => Err(malformed_params()),
    }
}

/// The failure of a first frame that is no message at all.
pub(super) fn malformed_params() -> Failure {
    Failure::new(ErrorCode::ParseError, "Malformed TRPCConnectionParamsMessage")
}

impl Message {
    fn read(text: &str) -> Result<Self, Failure> {
        let fields: MessageFields<'_> = serde_json::from_str(text).map_err(|error| malformed(&error))?;
        let Some(id) = fields.id else { return Err(malformed(&"id is missing")) };
        let id = RequestId::read(id.get())?;
        if let Some(version) = fields.jsonrpc
            && text_of(version, "jsonrpc")? != "2.0"
        {
            return Err(malformed(&"jsonrpc must be \"2.0\""));
        }
        let head = MessageHead { id, names_json_rpc: fields.jsonrpc.is_some() };
        let Some(method) = fields.method else { return Err(malformed(&"method is missing")) };
        let kind = match text_of(method, "method")?.as_str() {
            "query" => ProcedureKind::Query,
            "mutation" => ProcedureKind::Mutation,
            "subscription" => ProcedureKind::Subscription,
            "subscription.stop" => return Ok(Self { head, request: Request::Stop }),
            other => return Err(malformed(&format_args!("no method is called {other:?}"))),
        };
        let Some(params) = fields.params else { return Err(malformed(&"params are missing")) };
        let params: ParamsFields<'_> = serde_json::from_str(params.get()).map_err(|error| malformed(&error))?;
        let Some(path) = params.path else { return Err(malformed(&"params.path is missing")) };
        let call = CallRequest {
            kind,
            path: text_of(path, "params.path")?,
            input: params.input.map(|input| input.get().to_owned()),
            last_event_id: params.last_event_id.map(|id| text_of(id, "params.lastEventId")).transpose()?,
        };
        Ok(Self { head, request: Request::Call(call) })
    }
}

impl MessageHead {
    /// The head of what answers no message in particular.
    pub(super) const NONE: Self = Self { id: None, names_json_rpc: false };

    /// The head under which a message of a batch that is too large is answered, if it waits for an answer.
    fn of_refused(text: &str) -> Option<Self> {
        let fields: MessageFields<'_> = serde_json::from_str(text).ok()?;
        let is = |field: Option<&RawValue>, text: &str| {
            field.is_some_and(|field| text_of(field, "").is_ok_and(|field| field == text))
        };
        if is(fields.method, "subscription.stop") {
            return None;
        }
        let id = RequestId::read(fields.id?.get()).ok()??;
        Some(Self { id: Some(id), names_json_rpc: is(fields.jsonrpc, "2.0") })
    }
}

impl RequestId {
    /// Reads an id; `None` is `null`.
    fn read(json: &str) -> Result<Option<Self>, Failure> {
        let wrong = || malformed(&format_args!("id must be a string or a number of at most {ID_BYTES} bytes"));
        if json == "null" {
            return Ok(None);
        }
        if json.len() > ID_BYTES {
            return Err(wrong());
        }
        let key = if json.starts_with('"') {
            Key::Text(serde_json::from_str::<String>(json).map_err(|error| malformed(&error))?.into())
        } else {
            let number: f64 = serde_json::from_str(json).map_err(|_| wrong())?;
            // Clients cannot tell the two zeros apart.
            Key::Number(if number == 0.0 { 0 } else { number.to_bits() })
        };
        Ok(Some(Self { json: json.into(), key }))
    }

    /// The id as the client wrote it.
    pub(super) fn as_json(&self) -> &str {
        &self.json
    }
}

impl PartialEq for RequestId {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for RequestId {}

impl Hash for RequestId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Key::Text(text) => f.write_str(text),
            Key::Number(_) => f.write_str(&self.json),
        }
    }
}

fn malformed(why: &dyn fmt::Display) -> Failure {
    Failure::new(ErrorCode::ParseError, format!("malformed message: {why}"))
}

fn text_of(json: &RawValue, field: &str) -> Result<String, Failure> {
    serde_json::from_str(json.get()).map_err(|_| malformed(&format_args!("{field} must be a string")))
}

/// Declares a set of fields that is read from a JSON object and from nothing else.
///
/// A derived struct would also be read from an array, and would refuse a key that comes twice.
macro_rules! object_fields {
    ($(#[$doc:meta])* $fields:ident, $key:ident { $($field:ident: $variant:ident = $name:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Default)]
        struct $fields<'a> {
            $($field: Option<&'a RawValue>),*
        }

        #[derive(Deserialize)]
        #[serde(field_identifier)]
        enum $key {
            $(#[serde(rename = $name)] $variant,)*
            #[serde(other)]
            Other,
        }

        impl<'de> Deserialize<'de> for $fields<'de> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Object;

                impl<'de> Visitor<'de> for Object {
                    type Value = $fields<'de>;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                        let mut fields = $fields::default();
                        while let Some(key) = map.next_key()? {
                            match key {
                                $($key::$variant => fields.$field = Some(map.next_value()?),)*
                                $key::Other => {
                                    map.next_value::<IgnoredAny>()?;
                                }
                            }
                        }
                        Ok(fields)
                    }
                }

                deserializer.deserialize_map(Object)
            }
        }
    };
}

object_fields! {
    /// The fields of a message that mean something.
    MessageFields, MessageKey {
        id: Id = "id",
        jsonrpc: JsonRpc = "jsonrpc",
        method: Method = "method",
        params: Params = "params",
    }
}

object_fields! {
    /// The fields of `params` that mean something.
    ParamsFields, ParamsKey {
        path: Path = "path",
        input: Input = "input",
        last_event_id: LastEventId = "lastEventId",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Message {
        match read(text, None).unwrap() {
            Messages::Run(messages) if messages.len() == 1 => messages.into_iter().next().unwrap(),
            other => panic!("expected one message: {other:?}"),
        }
    }

    fn call(text: &str) -> CallRequest {
        match one(text).request {
            Request::Call(call) => call,
            Request::Stop => panic!("expected a call"),
        }
    }

    fn id(json: &str) -> RequestId {
        RequestId::read(json).unwrap().unwrap()
    }

    #[test]
    fn a_call_says_what_it_wants() {
        let message = one(
            r#"{"id":1,"jsonrpc":"2.0","method":"subscription","params":{"path":"a.b","input":{"n":1},"lastEventId":"7"},"x":1}"#,
        );

        assert_eq!(message.head.id.as_ref().unwrap().as_json(), "1");
        assert!(message.head.names_json_rpc);
        let Request::Call(call) = message.request else { panic!("expected a call") };
        assert_eq!((call.kind, call.path.as_str()), (ProcedureKind::Subscription, "a.b"));
        assert_eq!(call.input.unwrap(), r#"{"n":1}"#);
        assert_eq!(call.last_event_id.as_deref(), Some("7"));
    }

    #[test]
    fn absent_input_is_not_null() {
        assert!(call(r#"{"id":1,"method":"query","params":{"path":"a"}}"#).input.is_none());
        let null = call(r#"{"id":1,"method":"query","params":{"path":"a","input":null}}"#).input;
        assert_eq!(null.unwrap(), "null");
    }

    #[test]
    fn the_last_of_two_equal_keys_counts() {
        assert_eq!(call(r#"{"id":1,"method":"query","params":{"path":"a","path":"b"}}"#).path, "b");
    }

    #[test]
    fn a_stop_needs_no_params() {
        for text in [r#"{"id":1,"method":"subscription.stop"}"#, r#"{"id":1,"method":"subscription.stop","params":7}"#]
        {
            assert!(matches!(one(text).request, Request::Stop));
        }
    }

    #[test]
    fn ids_are_told_apart_as_clients_do() {
        assert_eq!(id("1"), id("1.0"));
        assert_eq!(id("0"), id("-0"));
        assert_eq!(id("\"a\""), id("\"\\u0061\""));
        assert_ne!(id("1"), id("\"1\""));
        assert_ne!(id("1"), id("1.5"));
        assert_eq!(id("1.50").as_json(), "1.50");
        assert_eq!(id("\"a b\"").to_string(), "a b");
        assert!(one(r#"{"id":null,"method":"query","params":{"path":"a"}}"#).head.id.is_none());
    }

    #[test]
    fn everything_else_is_malformed() {
        let long = format!(r#"{{"id":"{}","method":"subscription.stop"}}"#, "x".repeat(ID_BYTES));
        for text in [
            "",
            " ",
            "5",
            "\"x\"",
            "null",
            "true",
            "ping",
            "{",
            "{}",
            "[5]",
            "[[]]",
            "[",
            "[{}]",
            "{} {}",
            "\u{feff}{}",
            r#"{"id":1}"#,
            r#"{"id":1,"method":"query"}"#,
            r#"{"id":1,"method":"nope","params":{"path":"a"}}"#,
            r#"{"id":1,"method":["query"],"params":{"path":"a"}}"#,
            r#"{"id":1,"method":"query","params":["a"]}"#,
            r#"{"id":1,"method":"query","params":null}"#,
            r#"{"id":1,"method":"query","params":{}}"#,
            r#"{"id":1,"method":"query","params":{"path":5}}"#,
            r#"{"id":1,"method":"query","params":{"path":null}}"#,
            r#"{"id":1,"method":"query","params":{"path":"a","lastEventId":5}}"#,
            r#"{"id":1,"method":"query","params":{"path":"a","lastEventId":null}}"#,
            r#"{"id":1,"jsonrpc":"1.0","method":"query","params":{"path":"a"}}"#,
            r#"{"id":1,"jsonrpc":null,"method":"query","params":{"path":"a"}}"#,
            r#"{"id":1,"jsonrpc":2.0,"method":"query","params":{"path":"a"}}"#,
            r#"{"method":"query","params":{"path":"a"}}"#,
            r#"{"id":true,"method":"query","params":{"path":"a"}}"#,
            r#"{"id":{},"method":"query","params":{"path":"a"}}"#,
            r#"{"id":[1],"method":"query","params":{"path":"a"}}"#,
            r#"{"id":1e999,"method":"query","params":{"path":"a"}}"#,
            r#"{"method":"connectionParams","data":{}}"#,
            r#"[{"id":1,"method":"query","params":{"path":"a"}},{"id":3,"method":"nope"}]"#,
            &long,
        ] {
            let failure = read(text, None).unwrap_err();
            assert_eq!(failure.code(), ErrorCode::ParseError, "{text}");
        }
    }

    #[test]
    fn an_array_has_as_many_messages_as_allowed() {
        let message = r#"{"id":1,"method":"query","params":{"path":"a"}}"#;
        let array = |count| format!("[{}]", vec![message; count].join(","));

        assert!(matches!(read(&array(2), Some(2)).unwrap(), Messages::Run(messages) if messages.len() == 2));
        assert!(matches!(read("[]", Some(2)).unwrap(), Messages::Run(messages) if messages.is_empty()));
        assert!(matches!(read(message, Some(0)).unwrap(), Messages::Run(messages) if messages.len() == 1));
        assert!(matches!(read(&array(3), Some(2)).unwrap(), Messages::TooMany(heads) if heads.len() == 3));
    }

    #[test]
    fn who_waits_in_an_array_that_is_too_large_is_told() {
        let array =
            r#"[{"id":1},{"id":"a","jsonrpc":"2.0"},{"id":null},{"id":3,"method":"subscription.stop"},{"id":true},7]"#;

        let Messages::TooMany(heads) = read(array, Some(2)).unwrap() else { panic!("expected too many") };

        let told: Vec<_> =
            heads.iter().map(|head| (head.id.as_ref().unwrap().as_json(), head.names_json_rpc)).collect();
        assert_eq!(told, [("1", false), ("\"a\"", true)]);
    }

    #[test]
    fn connection_params_are_the_data_of_any_object() {
        let params = read_connection_params(r#"{"data":{"token":"a"}}"#).unwrap().unwrap();
        assert_eq!(params.get("token"), Some("a"));
        assert!(read_connection_params(r#"{"method":"connectionParams","data":null}"#).unwrap().is_none());

        for text in ["{", "[1]", "7", "null", ""] {
            assert_eq!(read_connection_params(text).unwrap_err().message(), "Malformed TRPCConnectionParamsMessage");
        }
        for text in ["{}", r#"{"data":[]}"#, r#"{"data":{"a":1}}"#, r#"{"data":"x"}"#] {
            assert_eq!(read_connection_params(text).unwrap_err().message(), "Invalid connection params shape");
        }
    }
}
