use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// The id of one event in a subscription, and the cursor from which the subscription resumes.
///
/// Text that is not empty and holds no CR, LF or NUL, so that it can stand in an event stream as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventId(Arc<str>);

/// Text that cannot be an event id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot be an event id: it must not be empty or hold a line break or NUL")]
pub struct InvalidEventId(String);

impl EventId {
    /// Takes `id` if it is fit to be an event id.
    ///
    /// # Errors
    ///
    /// [`InvalidEventId`] if `id` is empty or holds CR, LF or NUL.
    pub fn new(id: impl Into<String>) -> Result<Self, InvalidEventId> {
        let id = id.into();
        if id.is_empty() || id.contains(['\r', '\n', '\0']) {
            return Err(InvalidEventId(id));
        }
        Ok(Self(id.into()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EventId {
    type Error = InvalidEventId;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        Self::new(id)
    }
}

impl From<EventId> for String {
    fn from(id: EventId) -> Self {
        id.0.as_ref().to_owned()
    }
}
