use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use super::{Entry, History, MessageKey, Moment, Seen, Sent, Timeline};

/// Writes down what happens while it happens. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    began: Instant,
    // Short sections without an `.await`.
    history: Arc<Mutex<History>>,
}

/// Which client it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientNumber(usize);

/// Which message it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MessageNumber(usize);

impl Recorder {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), history: Arc::default() }
    }

    pub(crate) fn now(&self) -> Moment {
        self.began.elapsed()
    }

    pub(crate) fn client(&self, client: String, room: u16) -> ClientNumber {
        let mut history = self.history();
        history.clients.push(Timeline { client, room, entries: Vec::new() });
        ClientNumber(history.clients.len() - 1)
    }

    pub(crate) fn saw(&self, client: ClientNumber, seen: Seen) {
        let at = self.now();
        self.history().clients[client.0].entries.push(Entry { at, seen });
    }

    /// A message is about to be published.
    pub(crate) fn began(&self, key: MessageKey) -> MessageNumber {
        let began = self.now();
        let mut history = self.history();
        history.messages.push(Sent { key, began, acknowledged: None, attempts: 0 });
        MessageNumber(history.messages.len() - 1)
    }

    pub(crate) fn tried(&self, message: MessageNumber) {
        self.history().messages[message.0].attempts += 1;
    }

    pub(crate) fn acknowledged(&self, message: MessageNumber) {
        let at = self.now();
        self.history().messages[message.0].acknowledged = Some(at);
    }

    /// A calm ends now.
    pub(crate) fn calm(&self) {
        let at = self.now();
        self.history().calms.push(at);
    }

    /// Looks at what was written so far.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&History) -> T) -> T {
        look(&self.history())
    }

    /// A panic while the lock is held leaves the history whole: nothing under it panics half-way.
    fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
