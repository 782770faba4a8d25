//! Who is present by the doing of this process, and what keeps Redis saying so.

mod script;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{StreamExt, stream};
use tintype::{EncodedMember, Stay};
use tokio::{
    sync::Notify,
    time::{MissedTickBehavior, interval, timeout},
};

pub(crate) use self::script::{AttendScript, Changes};
use crate::{commands::Commands, keys::Names, scripts::Scripts};

/// Members per script, so that no script keeps others waiting for long.
const MEMBERS_PER_SCRIPT: usize = 200;

/// Scripts at the same time.
const SCRIPTS: usize = 32;

/// The stays that this process has begun, and the topics that it watches.
///
/// Redis forgets a stay that is not renewed in time: so it forgets those of a process that is gone.
/// Whoever has a stay at a topic, or watches it, looks for stays that were not renewed.
pub(crate) struct Attendance {
    /// Marks the stays of this process.
    process: String,
    // Short sections without an `.await`.
    table: Mutex<Table>,
    /// Somebody leaves.
    leaves: Notify,
}

#[derive(Default)]
struct Table {
    /// By the names of their streams.
    topics: HashMap<Arc<str>, Place>,
    /// The stays that are over and that Redis is not told of yet, by the same names.
    leaving: HashMap<Arc<str>, (Names, Vec<u64>)>,
    numbered: u64,
}

/// One topic.
struct Place {
    names: Names,
    stays: HashMap<u64, EncodedMember>,
    watchers: usize,
}

impl Attendance {
    pub(crate) fn new() -> Self {
        let process = format!("{:032x}", rand::random::<u128>());
        Self { process, table: Mutex::default(), leaves: Notify::new() }
    }

    /// Begins a stay, which is kept alive from now on; and what tells Redis of it.
    pub(crate) fn begin(self: &Arc<Self>, names: &Names, member: EncodedMember) -> (Stay, Changes) {
        let number = {
            let mut table = self.table();
            table.numbered += 1;
            let number = table.numbered;
            table.place(names).stays.insert(number, member.clone());
            number
        };
        let (attendance, left) = (Arc::clone(self), names.clone());
        let stay = Stay::new(move || {
            attendance.table().leave(left, number);
            attendance.leaves.notify_one();
        });
        (stay, Changes { entering: vec![(self.stay_id(number), member)], leaving: Vec::new() })
    }

    /// Looks for stays at a topic that are not renewed, until the returned one is dropped.
    pub(crate) fn watch(self: &Arc<Self>, names: &Names) -> Stay {
        self.table().place(names).watchers += 1;
        let (attendance, stream) = (Arc::clone(self), Arc::clone(&names.stream));
        Stay::new(move || {
            attendance.table().change(&stream, |place| place.watchers -= 1);
        })
    }

    /// Renews every stay before its `time_to_live` is over, and tells Redis who leaves; for ever.
    pub(crate) async fn run(
        self: Arc<Self>,
        commands: Arc<Commands>,
        scripts: Arc<Scripts>,
        time_to_live: Duration,
        command_time: Duration,
    ) {
        // Twice in its time, in case that one of them fails, and once more.
        let mut ticks = interval((time_to_live / 3).max(Duration::from_millis(10)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let work = tokio::select! {
                _ = ticks.tick() => self.renewals(),
                () = self.leaves.notified() => self.departures(),
            };
            let tell = |(names, changes): (Names, Changes)| {
                let (commands, scripts) = (&commands, &scripts);
                async move {
                    let (names, changes) = (&names, &changes);
                    let attend = |mut link| async move { scripts.attend(&mut link, names, changes).await };
                    match timeout(command_time, commands.run(1, attend)).await {
                        Ok(Ok(_)) => {}
                        // What was not renewed is renewed the next time, and what did not leave is forgotten in time.
                        Ok(Err(error)) => tracing::debug!(%error, "who is present could not be told"),
                        Err(_) => tracing::debug!("who is present could not be told in time"),
                    }
                }
            };
            stream::iter(work).for_each_concurrent(SCRIPTS, tell).await;
        }
    }

    /// Every stay of every topic; a topic that is only watched has none, and is looked at all the same.
    fn renewals(&self) -> Vec<(Names, Changes)> {
        let table = self.table();
        let mut work = Vec::new();
        for Place { names, stays, .. } in table.topics.values() {
            let mut stays = stays.iter().map(|(number, member)| (self.stay_id(*number), member.clone()));
            loop {
                let entering: Vec<_> = stays.by_ref().take(MEMBERS_PER_SCRIPT).collect();
                let is_last = entering.len() < MEMBERS_PER_SCRIPT;
                work.push((names.clone(), Changes { entering, leaving: Vec::new() }));
                if is_last {
                    break;
                }
            }
        }
        work
    }

    /// The stays that are over.
    fn departures(&self) -> Vec<(Names, Changes)> {
        let leaving = std::mem::take(&mut self.table().leaving);
        let changes = |numbers: Vec<u64>| Changes {
            entering: Vec::new(),
            leaving: numbers.into_iter().map(|number| self.stay_id(number)).collect(),
        };
        leaving.into_values().map(|(names, numbers)| (names, changes(numbers))).collect()
    }

    fn stay_id(&self, number: u64) -> String {
        format!("{}-{number}", self.process)
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn place(&mut self, names: &Names) -> &mut Place {
        self.topics.entry(Arc::clone(&names.stream)).or_insert_with(|| Place {
            names: names.clone(),
            stays: HashMap::new(),
            watchers: 0,
        })
    }

    fn leave(&mut self, names: Names, number: u64) {
        self.change(&names.stream, |place| {
            place.stays.remove(&number);
        });
        let stream = Arc::clone(&names.stream);
        self.leaving.entry(stream).or_insert_with(|| (names, Vec::new())).1.push(number);
    }

    /// Changes what is known of a topic, and forgets a topic of which nothing is left.
    fn change(&mut self, stream: &Arc<str>, change: impl FnOnce(&mut Place)) {
        if let Some(place) = self.topics.get_mut(stream) {
            change(place);
            if place.stays.is_empty() && place.watchers == 0 {
                self.topics.remove(stream);
            }
        }
    }
}

impl fmt::Debug for Attendance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attendance").field("topics", &self.table().topics.len()).finish_non_exhaustive()
    }
}
