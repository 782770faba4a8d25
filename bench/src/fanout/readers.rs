//! The load: sockets that read event streams and count messages.

use std::{
    io::ErrorKind,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, ensure};
use tokio::{io::AsyncWriteExt, net::TcpStream, sync::Notify, task::JoinSet, time::timeout};

use super::MARK;

/// Event streams that are read as soon as something arrives.
pub(super) struct Readers {
    counts: Arc<Counts>,
    number: usize,
    /// Aborted with the value, which closes the sockets.
    _tasks: JoinSet<()>,
}

#[derive(Default)]
struct Counts {
    /// Messages of all readers.
    messages: AtomicU64,
    /// Readers that have had something at all, as the head of the answer.
    answered: AtomicU64,
    /// Readers that have had a message.
    listening: AtomicU64,
    /// Readers whose stream has ended.
    ended: AtomicU64,
    /// Number of messages for which somebody waits.
    awaited: AtomicU64,
    reached: Notify,
}

/// Sockets that ask for an event stream and read nothing of it.
pub(super) struct Stalled(#[allow(dead_code)] Vec<TcpStream>);

/// Connections that are opened at the same time, fewer than the queue of any listener holds.
const AT_ONCE: usize = 200;

/// How long anything may take that should take milliseconds.
const PATIENCE: Duration = Duration::from_secs(120);

impl Readers {
    /// Opens `number` streams with `request`, and returns when each has an answer.
    pub(super) async fn open(address: SocketAddr, request: &str, number: usize) -> anyhow::Result<Self> {
        let counts = Arc::new(Counts::default());
        let mut tasks = JoinSet::new();
        for opened in (0..number).step_by(AT_ONCE) {
            let more = AT_ONCE.min(number - opened);
            for _ in 0..more {
                let mut socket = TcpStream::connect(address).await?;
                socket.write_all(request.as_bytes()).await?;
                tasks.spawn(count(socket, Arc::clone(&counts)));
            }
            let all = (opened + more) as u64;
            let answered = async {
                while counts.answered.load(Ordering::Relaxed) < all {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            timeout(PATIENCE, answered).await.with_context(|| format!("fewer than {all} streams were answered"))?;
        }
        Ok(Self { counts, number, _tasks: tasks })
    }

    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// Messages that have arrived in all.
    pub(super) fn messages(&self) -> u64 {
        self.counts.messages.load(Ordering::Relaxed)
    }

    /// Whether every reader has had a message, so that it surely listens.
    pub(super) fn all_listen(&self) -> bool {
        self.counts.listening.load(Ordering::Relaxed) == self.number as u64
    }

    /// Returns when `messages` have arrived in all.
    pub(super) async fn arrive(&self, messages: u64) -> anyhow::Result<()> {
        self.counts.awaited.store(messages, Ordering::Relaxed);
        let arriving = async {
            while self.messages() < messages {
                self.counts.reached.notified().await;
            }
        };
        let arrived = timeout(PATIENCE, arriving).await;
        let ended = self.counts.ended.load(Ordering::Relaxed);
        ensure!(
            arrived.is_ok() && ended == 0,
            "{} of {messages} messages arrived, and {ended} streams ended",
            self.messages(),
        );
        Ok(())
    }
}

impl Stalled {
    /// Opens `number` streams with `request`.
    pub(super) async fn open(address: SocketAddr, request: &str, number: usize) -> anyhow::Result<Self> {
        let mut sockets = Vec::with_capacity(number);
        for _ in 0..number {
            let mut socket = TcpStream::connect(address).await?;
            socket.write_all(request.as_bytes()).await?;
            // The first byte of the answer, so that no more connections wait than a listener's queue holds.
            timeout(PATIENCE, socket.readable()).await.context("a stream was not answered")??;
            sockets.push(socket);
        }
        Ok(Self(sockets))
    }
}

async fn count(socket: TcpStream, counts: Arc<Counts>) {
    let (mut has_answer, mut listens) = (false, false);
    while socket.readable().await.is_ok() {
        // On the stack of the thread and not in the task: there are thousands of these.
        let mut chunk = [0; 16 * 1024];
        let length = match socket.try_read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
            Err(_) => break,
        };
        if !std::mem::replace(&mut has_answer, true) {
            counts.answered.fetch_add(1, Ordering::Relaxed);
        }
        let messages = memchr::memchr_iter(MARK, &chunk[..length]).count() as u64;
        if messages == 0 {
            continue;
        }
        if !std::mem::replace(&mut listens, true) {
            counts.listening.fetch_add(1, Ordering::Relaxed);
        }
        let before = counts.messages.fetch_add(messages, Ordering::Relaxed);
        let awaited = counts.awaited.load(Ordering::Relaxed);
        if before < awaited && before + messages >= awaited {
            counts.reached.notify_one();
        }
    }
    counts.ended.fetch_add(1, Ordering::Relaxed);
    counts.reached.notify_one();
}
