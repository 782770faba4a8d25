use std::time::Duration;

/// How much of a topic is kept for who comes back.
///
/// What is not said is as the broker keeps other topics.
///
/// ```
/// use std::time::Duration;
/// use tintype::Retention;
///
/// const ANSWERS: Retention =
///     Retention { events: Some(1024), age: Some(Duration::from_secs(10 * 60)) };
/// const MANY: Retention = Retention { events: Some(1024), ..Retention::DEFAULT };
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// Most events that are kept; at least 1.
    pub events: Option<usize>,
    /// How long an event is kept; an older one is removed with the next event at the latest.
    pub age: Option<Duration>,
}

impl Retention {
    /// As the broker keeps every topic that says nothing.
    pub const DEFAULT: Self = Self { events: None, age: None };
}
