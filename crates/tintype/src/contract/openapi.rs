//! OpenAPI 3.1 of the HTTP wire.

use std::collections::BTreeSet;

use super::{
    Contract, Flag, Ids, Kind, Procedure, Type,
    flat_names::flat_names,
    instances::{Concrete, EmitError},
    json::{Json, Object},
    json_schema::{DIALECT, Direction, Schemas},
};
use crate::ErrorCode;

/// What stands in front of the name of a schema.
const PREFIX: &str = "#/components/schemas/";

/// What a document says that no contract knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenApiOptions {
    /// What the interface is called; `Procedures` by default.
    pub title: String,
    /// Its version; the hash of the contract by default.
    pub version: Option<String>,
    /// What it is for, in Markdown; nothing by default.
    pub description: String,
    /// Where the router is mounted, for example `https://example.com/trpc`; `/trpc` by default.
    pub servers: Vec<String>,
}

impl Default for OpenApiOptions {
    fn default() -> Self {
        Self {
            title: "Procedures".to_owned(),
            version: None,
            description: String::new(),
            servers: vec!["/trpc".to_owned()],
        }
    }
}

/// Writes an OpenAPI 3.1 document of every procedure, as it is called alone, without a batch.
///
/// Queries are `GET` with their input as JSON in the parameter `input`, or `POST` if it is sensitive; mutations are
/// `POST`; subscriptions are event streams. The statuses of a procedure's own errors are not part of the contract, so
/// errors stand under `default`, with the procedure's own in `error.data.error`.
///
/// # Errors
///
/// An [`EmitError`] if the contract contradicts itself, or is one for superjson.
pub fn openapi(contract: &Contract, options: &OpenApiOptions) -> Result<String, EmitError> {
    let concrete = Concrete::of(contract)?;
    let schemas = Schemas::new(&concrete, PREFIX);
    let mut definitions = Object::new();
    for (name, named) in &concrete.types {
        definitions.set(name.clone(), schemas.named(named)?);
    }
    let writer = Writer { concrete: &concrete, schemas, shared: Shared::beside(&concrete) };
    writer.shared.define(&mut definitions);

    let mut paths = Object::new();
    let mut tags = BTreeSet::new();
    for (procedure, id) in concrete.procedures.iter().zip(flat_names(&concrete.procedures, usize::MAX)) {
        let (method, operation) = writer.operation(procedure, &id)?;
        paths.set(format!("/{}", procedure.path), Object::new().with(method, operation));
        tags.extend(namespace(&procedure.path).map(str::to_owned));
    }
    let version = options.version.as_deref().unwrap_or(&contract.hash);
    let info = Object::new()
        .with("title", options.title.clone())
        .with("version", version.to_owned())
        .with_text("description", &options.description);
    let mut document = Object::new().with("openapi", "3.1.1").with("info", info).with("jsonSchemaDialect", DIALECT);
    let servers: Vec<Object> = options.servers.iter().map(|url| Object::new().with("url", url.clone())).collect();
    if !servers.is_empty() {
        document.set("servers", servers);
    }
    let tags: Vec<Object> = tags.iter().map(|name| Object::new().with("name", name.clone())).collect();
    let document =
        document.with("tags", tags).with("paths", paths).with("components", Object::new().with("schemas", definitions));
    Ok(Json::from(document).into_file())
}

/// What stands in front of the last segment of a path.
fn namespace(path: &str) -> Option<&str> {
    path.rsplit_once('.').map(|(namespace, _)| namespace)
}

struct Writer<'a> {
    concrete: &'a Concrete,
    schemas: Schemas<'a>,
    shared: Shared,
}

impl Writer<'_> {
    /// The method and what it does.
    fn operation(&self, procedure: &Procedure, id: &str) -> Result<(&'static str, Object), EmitError> {
        let is_sensitive = procedure.flags.contains(&Flag::Sensitive);
        let method = match procedure.kind {
            Kind::Query if is_sensitive => "post",
            Kind::Query | Kind::Subscription => "get",
            Kind::Mutation => "post",
        };
        let mut operation = Object::new().with("operationId", id.to_owned());
        if let Some(namespace) = namespace(&procedure.path) {
            operation.set("tags", vec![namespace.to_owned()]);
        }
        let summary = procedure.docs.lines().next().unwrap_or_default();
        operation = operation.with_text("summary", summary).with_text("description", &docs(procedure));
        if procedure.deprecated.is_some() {
            operation.set("deprecated", true);
        }
        let mut parameters: Vec<Object> = Vec::new();
        if let Some(input) = &procedure.input {
            let schema = self.schemas.of(&input.ty, Direction::Input, &procedure.path)?;
            if method == "get" {
                let parameter = Object::new()
                    .with("name", "input")
                    .with("in", "query")
                    .with("description", "The input as JSON.")
                    .with("required", !input.optional)
                    .with("content", content("application/json", schema));
                parameters.push(parameter);
            } else {
                let body = Object::new().with("required", !input.optional).with("content", body(&input.ty, schema));
                operation.set("requestBody", body);
            }
        }
        if matches!(procedure.ids, Some(Ids::Tracked | Ids::Mixed)) {
            parameters.push(last_event_id());
        }
        if !parameters.is_empty() {
            operation.set("parameters", parameters);
        }
        Ok((method, operation.with("responses", self.responses(procedure)?)))
    }

    fn responses(&self, procedure: &Procedure) -> Result<Object, EmitError> {
        let error = self.error(procedure)?;
        let success = match procedure.kind {
            Kind::Subscription => Object::new()
                .with(
                    "description",
                    "The events, as they happen. Failures are events too, of the name `serialized-error`.",
                )
                .with("content", content("text/event-stream", self.event(procedure, &error)?)),
            Kind::Query | Kind::Mutation => {
                let is_streamed = procedure.output.as_ref().is_some_and(|output| self.concrete.comes_in_lines(output));
                let mut result = Object::new().with("type", "object");
                if let Some(output) = &procedure.output {
                    let schema = self.schemas.of(output, Direction::Output, &procedure.path)?;
                    result.set("properties", Object::new().with("data", schema));
                    result.set("required", vec!["data"]);
                }
                let envelope = Object::new()
                    .with("type", "object")
                    .with("properties", Object::new().with("result", result))
                    .with("required", vec!["result"]);
                if is_streamed {
                    let description = "The answer in lines: send the header `trpc-accept: application/jsonl` and the \
                                       parameter `batch=1`.";
                    Object::new()
                        .with("description", description)
                        .with("content", content("application/jsonl", envelope))
                } else {
                    Object::new().with("description", "Success.").with("content", content("application/json", envelope))
                }
            }
        };
        let envelope = Object::new()
            .with("type", "object")
            .with("properties", Object::new().with("error", error))
            .with("required", vec!["error"]);
        let failure = Object::new()
            .with("description", "Failure; the status is that of the code.")
            .with("content", content("application/json", envelope));
        Ok(Object::new().with("200", success).with("default", failure))
    }

    /// An error, with the procedure's own in it.
    fn error(&self, procedure: &Procedure) -> Result<Object, EmitError> {
        let any = Object::new().with("$ref", reference(&self.shared.error));
        let Some(error) = &procedure.error else { return Ok(any) };
        let own = self.schemas.of(error, Direction::Output, &procedure.path)?;
        let data = Object::new().with("properties", Object::new().with("error", own));
        let with_own = Object::new().with("properties", Object::new().with("data", data));
        Ok(Object::new().with("allOf", vec![any, with_own]))
    }

    /// One event of a stream: its lines as members.
    fn event(&self, procedure: &Procedure, error: &Object) -> Result<Object, EmitError> {
        let item = match &procedure.output {
            Some(item) => self.schemas.of(item, Direction::Output, &procedure.path)?,
            None => Object::new().with("type", "null"),
        };
        let id = Object::new().with("type", "string").with("minLength", 1_u64);
        let mut value = event("message", Some(item));
        match procedure.ids {
            Some(Ids::Tracked) => {
                value.members.set("id", id);
                value.required.push("id");
            }
            Some(Ids::Mixed) => value.members.set("id", id),
            Some(Ids::Untracked) | None => {}
        }
        // A value has no line `event`.
        value.required.retain(|name| *name != "event");
        let options = Object::new().with("type", "object").with(
            "properties",
            Object::new().with("reconnectAfterInactivityMs", Object::new().with("type", "integer")),
        );
        let events = [
            value,
            event("connected", Some(options)),
            event("ping", None),
            event("serialized-error", Some(error.clone())),
            event("return", None),
        ];
        Ok(Object::new().with("oneOf", events.map(Event::into_schema).to_vec()))
    }
}

/// An event whose line `data` holds JSON, or nothing.
struct Event {
    members: Object,
    required: Vec<&'static str>,
}

fn event(name: &'static str, data: Option<Object>) -> Event {
    let data = match data {
        Some(schema) => Object::new()
            .with("type", "string")
            .with("contentMediaType", "application/json")
            .with("contentSchema", schema),
        None => Object::new().with("const", ""),
    };
    Event {
        members: Object::new().with("event", Object::new().with("const", name)).with("data", data),
        required: vec!["event", "data"],
    }
}

impl Event {
    fn into_schema(self) -> Object {
        Object::new().with("type", "object").with("properties", self.members).with("required", self.required)
    }
}

fn last_event_id() -> Object {
    Object::new()
        .with("name", "lastEventId")
        .with("in", "query")
        .with("description", "The id of the last event that the client has: the stream resumes after it.")
        .with("schema", Object::new().with("type", "string"))
}

fn content(media_type: &'static str, schema: Object) -> Object {
    Object::new().with(media_type, Object::new().with("schema", schema))
}

/// The body of a request.
fn body(input: &Type, schema: Object) -> Object {
    match input {
        // Files are entries like any other, of names that the procedure does not tell.
        Type::FormData { .. } => content("multipart/form-data", schema),
        Type::ByteStream => Object::new().with("application/octet-stream", Object::new()),
        _ => content("application/json", schema),
    }
}

fn docs(procedure: &Procedure) -> String {
    let mut paragraphs: Vec<String> = vec![procedure.docs.clone()];
    if let Some(note) = procedure.deprecated.as_deref().filter(|note| !note.is_empty()) {
        paragraphs.push(format!("Deprecated: {note}"));
    }
    if procedure.flags.contains(&Flag::Idempotent) {
        paragraphs.push("May be sent again: twice is like once.".to_owned());
    }
    if procedure.kind == Kind::Query && procedure.flags.contains(&Flag::Sensitive) {
        paragraphs.push("Its input is secret, so it comes in the body and never in the address.".to_owned());
    }
    if !procedure.invalidates.is_empty() {
        paragraphs.push(format!("Makes stale: {}.", procedure.invalidates.join(", ")));
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n")
}

fn reference(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// The schemas that every error shares, under names that no type of the contract has.
struct Shared {
    error: String,
    code: String,
    issue: String,
}

impl Shared {
    fn beside(concrete: &Concrete) -> Self {
        let free = |name: &str| {
            let others = (2..).map(|number| format!("{name}{number}"));
            std::iter::once(name.to_owned())
                .chain(others)
                .find(|name| !concrete.types.contains_key(name))
                .expect("there are more numbers than types")
        };
        Self { error: free("ErrorShape"), code: free("ErrorCode"), issue: free("ValidationIssue") }
    }

    fn define(&self, definitions: &mut Object) {
        let kind = |name: &str| Object::new().with("type", name);
        let text = |description: &str| kind("string").with("description", description);
        let codes: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.key()).collect();
        definitions.set(
            self.code.clone(),
            Object::new().with("description", "What went wrong, as tRPC names it.").with("enum", codes),
        );
        let step = Object::new().with("type", vec!["string", "integer"]);
        let issue = Object::new()
            .with("path", kind("array").with("items", step))
            .with("code", kind("string"))
            .with("message", kind("string"));
        definitions.set(
            self.issue.clone(),
            kind("object")
                .with("description", "What is wrong with an input, and where: an empty path is the input as a whole.")
                .with("properties", issue)
                .with("required", vec!["path", "code", "message"]),
        );
        let issues = kind("array").with("items", Object::new().with("$ref", reference(&self.issue)));
        let data = Object::new()
            .with("code", Object::new().with("$ref", reference(&self.code)))
            .with("httpStatus", kind("integer"))
            .with("path", text("The procedure; absent if the request as a whole failed."))
            .with("stack", text("Where it failed; during development only."))
            .with("error", Object::new().with("description", "The procedure's own error."))
            .with("validation", issues.with("description", "Set if the input broke a rule."))
            .with("logId", text("Set if the server failed: what to search its log for."));
        let error = Object::new()
            .with("message", kind("string"))
            .with("code", kind("integer").with("description", "The JSON-RPC number of the code."))
            .with("data", kind("object").with("properties", data).with("required", vec!["code", "httpStatus"]));
        let error = kind("object").with("properties", error).with("required", vec!["message", "code", "data"]);
        definitions.set(self.error.clone(), error);
    }
}
