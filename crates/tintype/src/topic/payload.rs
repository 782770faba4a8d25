use serde::Serialize;

use super::Retention;
use crate::context::FromContext;

/// The payload of a topic that procedures take as an argument.
///
/// `S` is the application's state.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use tintype::{Context, Failure, FromContext, TopicPayload, TopicScope, Type, specta};
///
/// #[derive(Clone)]
/// struct AppState;
///
/// /// The caller's team; a real one comes from the session.
/// struct Team(&'static str);
///
/// impl FromContext<AppState> for Team {
///     async fn from_context(_: &Context<AppState>) -> Result<Self, Failure> { Ok(Self("red")) }
/// }
///
/// impl TopicScope for Team {
///     fn topic_scope(&self) -> String { self.0.to_owned() }
/// }
///
/// #[derive(Serialize, Deserialize, Type)]
/// #[serde(tag = "kind", rename_all = "camelCase")]
/// enum NoteEvent { Added { text: String }, Gap }
///
/// impl TopicPayload<AppState> for NoteEvent {
///     type Scope = Team;
///     const TOPIC: &'static str = "notes";
///     fn gap() -> Self { Self::Gap }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the payload of a topic of the state `{S}`",
    note = "implement `TopicPayload<{S}>` for it: it names the topic and the scope that callers must prove"
)]
pub trait TopicPayload<S>: Serialize + Send + 'static {
    /// The extractor that proves the caller's right to the topic, and whose key separates it from others.
    type Scope: FromContext<S> + TopicScope;

    /// Name of the topic inside its scope, for example `widgets`.
    const TOPIC: &'static str;

    /// How much of the topic is kept for who comes back; as the broker keeps other topics by default.
    const RETENTION: Retention = Retention::DEFAULT;

    /// The event that tells a client to load anew, because events before it cannot be delivered.
    fn gap() -> Self;
}

/// An extractor that bounds topics: callers with different scopes never share a topic.
pub trait TopicScope {
    /// The scope's part of the key: letters, digits, `-` and `_`, at most 128 bytes; a tenant's id, for example.
    fn topic_scope(&self) -> String;
}
