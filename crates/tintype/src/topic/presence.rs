use std::{fmt, sync::Arc};

use bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use specta::Type;

use super::{BrokerError, Topic, TopicKey, Topics};
use crate::{InternalError, subscription::Subscription};

/// Who is somewhere now, for example who has a chat open.
///
/// Its key names a topic of its own, whose events are who came and who went.
/// `M` is what others see of a member.
///
/// ```
/// use futures_util::StreamExt;
/// use serde::{Deserialize, Serialize};
/// use tintype::{Presence, PresenceEvent, TopicKey, Topics, Type, specta};
///
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
/// struct Viewer { name: String }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let topics = Topics::in_process();
/// let viewers: Presence<Viewer> = topics.presence(TopicKey::new("studio", &["chat", "7", "viewers"])?);
///
/// let mut seen = viewers.watch().into_values().boxed();
/// assert_eq!(seen.next().await.unwrap()?, PresenceEvent::Here { members: vec![] });
/// let stay = viewers.enter("ada", Viewer { name: "Ada".into() }).await?;
/// assert!(matches!(seen.next().await.unwrap()?, PresenceEvent::Joined { member } if member.id == "ada"));
/// drop(stay);
/// assert!(matches!(seen.next().await.unwrap()?, PresenceEvent::Left { member } if member.id == "ada"));
/// # Ok(())
/// # }
/// ```
pub struct Presence<M> {
    topics: Topics,
    topic: Topic<PresenceEvent<M>>,
}

/// Somebody who is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Member<M> {
    /// Who it is; a user who is there in several windows is there once.
    pub id: String,
    /// What others see of the member; what the member entered with last.
    pub data: M,
}

/// What a subscription to a presence hears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum PresenceEvent<M> {
    /// Who is there now: at the beginning, and when something was missed.
    Here {
        /// All of them, in no order.
        members: Vec<Member<M>>,
    },
    /// Somebody came, who may have been among those that were there.
    Joined {
        /// Who it is.
        member: Member<M>,
    },
    /// Somebody is not there any more, in any window.
    Left {
        /// Who it was.
        member: Member<M>,
    },
}

impl Topics {
    /// Who is at `key`, which is a topic of its own.
    #[must_use]
    pub fn presence<M>(&self, key: TopicKey) -> Presence<M> {
        Presence { topics: self.clone(), topic: self.topic(key) }
    }
}

impl<M: Serialize + Send + 'static> Presence<M> {
    /// Lets a member in, until the [`Stay`] is dropped.
    ///
    /// A subscription keeps it with [`Subscription::keeping`], so that the member stays as long as its stream is open.
    /// If the process dies, the broker ends the stay after a time.
    ///
    /// # Errors
    ///
    /// [`BrokerError`] when the member's data is too large, or the broker cannot be reached.
    pub async fn enter(&self, id: impl Into<String>, data: M) -> Result<Stay, BrokerError> {
        let member = Member { id: id.into(), data };
        let json = serde_json::to_vec(&member).map_err(BrokerError::Encode)?;
        let member = EncodedMember { id: member.id.into(), json: json.into() };
        self.topics.broker().enter(self.topic.key(), member).await
    }
}

impl<M: Serialize + DeserializeOwned + Send + 'static> Presence<M> {
    /// Who is there now, in no order.
    ///
    /// # Errors
    ///
    /// [`BrokerError`] when the broker cannot be reached, or a member's data is not of the type `M`.
    pub async fn members(&self) -> Result<Vec<Member<M>>, BrokerError> {
        members(&self.topics, self.topic.key()).await
    }

    /// Subscribes to who comes and goes, beginning with who is there.
    ///
    /// A client that comes back is told again who is there, and not what it missed.
    #[must_use]
    pub fn watch(&self) -> Subscription<PresenceEvent<M>> {
        let (topics, key) = (self.topics.clone(), self.topic.key().clone());
        let watching = topics.broker().watch(&key);
        let here = move || {
            let (topics, key) = (topics.clone(), key.clone());
            async move { Ok::<_, InternalError>(PresenceEvent::Here { members: members(&topics, &key).await? }) }
        };
        self.topic.clone().resume_after(None).subscribe_or_shared(here).keeping(watching)
    }
}

async fn members<M: DeserializeOwned>(topics: &Topics, key: &TopicKey) -> Result<Vec<Member<M>>, BrokerError> {
    let members = topics.broker().members(key).await?;
    members.iter().map(|json| serde_json::from_slice(json).map_err(BrokerError::Decode)).collect()
}

impl<M> Clone for Presence<M> {
    fn clone(&self) -> Self {
        Self { topics: self.topics.clone(), topic: self.topic.clone() }
    }
}

impl<M> fmt::Debug for Presence<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presence").field("key", &self.topic.key).finish_non_exhaustive()
    }
}

/// A member as brokers carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedMember {
    id: Arc<str>,
    json: Bytes,
}

impl EncodedMember {
    /// What comes before the member's JSON in the event that it came.
    pub const BEFORE_JOINED: &str = r#"{"kind":"joined","member":"#;

    /// What comes before the member's JSON in the event that it went.
    pub const BEFORE_LEFT: &str = r#"{"kind":"left","member":"#;

    /// What comes after the member's JSON in both.
    pub const AFTER: &str = "}";

    /// Who it is.
    #[must_use]
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// The member with its data.
    #[must_use]
    pub fn json(&self) -> &Bytes {
        &self.json
    }

    /// The event that it came.
    #[must_use]
    pub fn joined(&self) -> Bytes {
        self.event(Self::BEFORE_JOINED)
    }

    /// The event that it went.
    #[must_use]
    pub fn left(&self) -> Bytes {
        self.event(Self::BEFORE_LEFT)
    }

    fn event(&self, before: &str) -> Bytes {
        [before.as_bytes(), &self.json, Self::AFTER.as_bytes()].concat().into()
    }
}

/// Something that goes on until this is dropped: a member's stay, or somebody's watching.
#[must_use = "it ends when it is dropped"]
pub struct Stay(Option<Box<dyn FnOnce() + Send>>);

impl Stay {
    /// What `end` ends.
    pub fn new(end: impl FnOnce() + Send + 'static) -> Self {
        Self(Some(Box::new(end)))
    }

    /// What needs no end.
    pub fn without_end() -> Self {
        Self(None)
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        if let Some(end) = self.0.take() {
            end();
        }
    }
}

impl fmt::Debug for Stay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stay").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_events_of_brokers_are_those_that_are_read() {
        let member = Member { id: "a\"da".to_owned(), data: [1, 2] };
        let json = serde_json::to_vec(&member).unwrap();
        let encoded = EncodedMember { id: member.id.as_str().into(), json: json.into() };

        let joined: PresenceEvent<[u8; 2]> = serde_json::from_slice(&encoded.joined()).unwrap();
        let left: PresenceEvent<[u8; 2]> = serde_json::from_slice(&encoded.left()).unwrap();

        assert_eq!(joined, PresenceEvent::Joined { member: member.clone() });
        assert_eq!(left, PresenceEvent::Left { member });
    }
}
