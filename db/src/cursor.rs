use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A place between two rows that are ordered by a time and, within it, by their id.
///
/// Its text form is opaque: `<microseconds>-<id>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageCursor {
    pub(crate) time: DateTime<Utc>,
    pub(crate) id: Uuid,
}

/// Text that is not a cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a cursor: pass the nextCursor of a page as it is")]
pub struct InvalidCursor(pub(crate) String);

impl fmt::Display for PageCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.time.timestamp_micros(), self.id.simple())
    }
}

impl FromStr for PageCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (micros, id) = text.split_once('-')?;
            let time = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
            Some(Self { time, id: Uuid::try_parse(id).ok()? })
        };
        parse().ok_or_else(|| InvalidCursor(text.to_owned()))
    }
}

/// The rows of a page of at most `limit`, and whether there are more: one more row than that was asked for.
pub(crate) fn cut<T>(mut rows: Vec<T>, limit: u32) -> (Vec<T>, bool) {
    let wanted = limit as usize;
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    (rows, more)
}
