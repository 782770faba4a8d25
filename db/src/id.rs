//! Ids are types of their own, so that a tenant's cannot be passed where a widget's is meant.

use std::{fmt, str::FromStr};

use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    serialize::{self, Output, ToSql},
};
use serde::{Deserialize, Serialize};
use specta::Type;
use uuid::Uuid;

/// Text that is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an id: ids are UUIDs")]
pub struct InvalidId(String);

macro_rules! id {
    ($(#[$docs:meta])* $name:ident) => {
        $(#[$docs])*
        ///
        /// A UUID of version 7, written in its hyphenated form.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(Serialize, Deserialize, Type, AsExpression, FromSqlRow)]
        #[serde(transparent)]
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, larger than those made before.
            #[must_use]
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }

            /// The id as a UUID.
            #[must_use]
            pub fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId(text.to_owned()))
            }
        }

        impl FromSql<diesel::sql_types::Uuid, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                <Uuid as FromSql<diesel::sql_types::Uuid, Pg>>::from_sql(value).map(Self)
            }
        }

        impl ToSql<diesel::sql_types::Uuid, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                <Uuid as ToSql<diesel::sql_types::Uuid, Pg>>::to_sql(&self.0, out)
            }
        }
    };
}

id! {
    /// Id of a tenant, the isolation boundary.
    TenantId
}
id! {
    /// Id of a user.
    UserId
}
id! {
    /// Id of a session; it is not the secret in the cookie.
    SessionId
}
id! {
    /// Id of an invitation; it is not the secret in the link.
    InvitationId
}
id! {
    /// Id of a widget.
    WidgetId
}
id! {
    /// Id of an event that waits to be published.
    OutboxId
}
id! {
    /// Id of a conversation.
    ChatSessionId
}
id! {
    /// Id of a message.
    MessageId
}
id! {
    /// Id of a run, which writes the answer to a message.
    RunId
}
id! {
    /// Id of what is set aside for a call, and of what it has cost.
    ReservationId
}
id! {
    /// Id of a document.
    DocumentId
}
id! {
    /// Id of an instance of the server.
    InstanceId
}
id! {
    /// Id of a meeting.
    MeetingId
}
