use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;
use tintype::{Type, specta};

/// What the procedures of all profiles share. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct AppState {
    // Short sections without an `.await`.
    tables: Arc<Mutex<Tables>>,
}

#[derive(Debug, Default)]
struct Tables {
    counters: HashMap<String, i64>,
    gauges: HashMap<String, Gauge>,
    connections: HashMap<String, u32>,
}

/// What became of the calls that were counted under one key.
#[derive(Debug, Clone, Copy, Default, Serialize, Type)]
pub(crate) struct Gauge {
    active: u32,
    aborted: u32,
    completed: u32,
}

impl AppState {
    pub(crate) fn counter(&self, key: &str) -> i64 {
        self.tables().counters.get(key).copied().unwrap_or_default()
    }

    pub(crate) fn add(&self, key: String, by: i64) -> i64 {
        let mut tables = self.tables();
        let counter = tables.counters.entry(key).or_default();
        *counter = counter.saturating_add(by);
        *counter
    }

    pub(crate) fn forget(&self, key: &str) {
        self.tables().counters.remove(key);
    }

    pub(crate) fn gauge(&self, key: &str) -> Gauge {
        self.tables().gauges.get(key).copied().unwrap_or_default()
    }

    /// Counts a call as active for as long as the result lives.
    pub(crate) fn run(&self, key: String) -> Running {
        self.tables().gauges.entry(key.clone()).or_default().active += 1;
        Running { state: self.clone(), key, completed: false }
    }

    /// Counts the connections under `key`, from 1.
    pub(crate) fn connect(&self, key: String) -> u32 {
        let mut tables = self.tables();
        let connections = tables.connections.entry(key).or_default();
        *connections += 1;
        *connections
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that is counted. Dropped before it is completed, it counts as aborted.
#[derive(Debug)]
pub(crate) struct Running {
    state: AppState,
    key: String,
    completed: bool,
}

impl Running {
    pub(crate) fn complete(mut self) {
        self.completed = true;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut tables = self.state.tables();
        let gauge = tables.gauges.entry(std::mem::take(&mut self.key)).or_default();
        gauge.active -= 1;
        if self.completed { gauge.completed += 1 } else { gauge.aborted += 1 }
    }
}
