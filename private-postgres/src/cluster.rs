use std::{
    env,
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::{fs::MetadataExt, net::UnixStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};

use crate::{
    Binaries,
    account::{Account, create_private_dir, everyone_may_enter, is_root, run_as},
};

/// A running private cluster, used by this process.
///
/// Dropping it leaves the cluster running; [`Cluster::leave`] stops it if nobody else uses it.
#[derive(Debug)]
pub struct Cluster {
    home: PathBuf,
    sockets: PathBuf,
    // Held for its lock.
    _user: File,
}

/// How much the cluster does to survive a power failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Waits for the disk: what was committed is kept.
    Safe,
    /// Never waits: for tests.
    None,
}

/// Why a cluster could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// A folder or lock file could not be used.
    #[error("cannot use {path:?} for the private PostgreSQL")]
    Folder {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Somebody else owns the directory that should hold the socket.
    #[error("{path:?} belongs to another user (uid {owner}): remove it or set TINTYPE_SOCKET_DIR")]
    ForeignSockets {
        /// The directory.
        path: PathBuf,
        /// Its owner.
        owner: u32,
    },
    /// `initdb` failed.
    #[error("initdb failed: {output}")]
    Init {
        /// The end of what it printed.
        output: String,
    },
    /// `postgres` did not become ready.
    #[error("PostgreSQL did not become ready within {} s: {log}", .after.as_secs())]
    Start {
        /// How long it was waited for.
        after: Duration,
        /// The end of its log.
        log: String,
    },
}

/// The superuser of a private cluster.
const SUPERUSER: &str = "postgres";

/// The port is part of the socket's file name only; nothing listens on the network.
const PORT: u16 = 5432;

/// How long a start may take; recovery after a crash is part of it.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// How long a start is tried again while the locks of a killed predecessor go away.
const STALE_LOCK_TIMEOUT: Duration = Duration::from_secs(15);

/// Pause between two looks at a file or socket.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

impl Cluster {
    /// Starts the cluster in `data_dir`, making it on first use, or adopts the one that already runs.
    ///
    /// It blocks: about a second for a new cluster, under 50 ms for one that exists.
    ///
    /// # Errors
    ///
    /// [`ClusterError`], with the end of PostgreSQL's own output where it has some.
    pub fn start(binaries: &Binaries, data_dir: &Path, durability: Durability) -> Result<Self, ClusterError> {
        let account = Account::to_drop_to().map_err(|source| folder_error(data_dir, source))?;
        let data_dir = std::path::absolute(data_dir).map_err(|source| folder_error(data_dir, source))?;
        let home = home_of(&data_dir);
        create_private_dir(&home, account).map_err(|source| folder_error(&home, source))?;
        let sockets = socket_folder(&home, account)?;
        let _starting = lock(&home.join("start.lock"))?;
        let files = Files { home: &home, sockets: &sockets, account };
        if !files.is_ready() {
            files.initialise(binaries)?;
            files.launch(binaries, durability)?;
        }
        let user = open(&home.join("users.lock"))?;
        user.lock_shared().map_err(|source| folder_error(&home, source))?;
        Ok(Self { home, sockets, _user: user })
    }

    /// A connection URL for `user` and `database` over the cluster's socket.
    #[must_use]
    pub fn url(&self, user: &str, database: &str) -> String {
        let host: String = self
            .sockets
            .to_string_lossy()
            .bytes()
            .map(|byte| match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect();
        format!("postgres://{user}@{host}:{PORT}/{database}")
    }

    /// The URL of the superuser.
    #[must_use]
    pub fn superuser_url(&self, database: &str) -> String {
        self.url(SUPERUSER, database)
    }

    /// Where the cluster's files are: in the data directory, or for root, where that directory is closed to others,
    /// in `/var/lib/tintype`.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Stops using the cluster, and stops the cluster if nobody else uses it.
    ///
    /// # Errors
    ///
    /// [`ClusterError`] if the locks cannot be used or the cluster does not stop.
    pub fn leave(self) -> Result<(), ClusterError> {
        let Self { home, sockets, _user } = self;
        drop(_user);
        stop_if_unused(&home, &sockets)
    }

    /// Stops the cluster in `data_dir` if it runs and nobody uses it.
    ///
    /// # Errors
    ///
    /// As [`Cluster::leave`].
    pub fn stop_unused(data_dir: &Path) -> Result<(), ClusterError> {
        let data_dir = std::path::absolute(data_dir).map_err(|source| folder_error(data_dir, source))?;
        let home = home_of(&data_dir);
        if !home.join("data/postmaster.pid").exists() {
            return Ok(());
        }
        let account = Account::to_drop_to().map_err(|source| folder_error(&home, source))?;
        let sockets = socket_folder(&home, account)?;
        stop_if_unused(&home, &sockets)
    }

    /// Process id of the server, for tests that kill it.
    #[must_use]
    pub fn server_pid(&self) -> Option<u32> {
        self.files().server_pid()
    }

    fn files(&self) -> Files<'_> {
        Files { home: &self.home, sockets: &self.sockets, account: None }
    }
}

fn stop_if_unused(home: &Path, sockets: &Path) -> Result<(), ClusterError> {
    let _starting = lock(&home.join("start.lock"))?;
    let users = open(&home.join("users.lock"))?;
    match users.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(source)) => Err(folder_error(home, source)),
        Ok(()) => Files { home, sockets, account: None }.stop(),
    }
}

/// The cluster's place on disk, under the lock of whoever starts or stops it.
struct Files<'a> {
    home: &'a Path,
    sockets: &'a Path,
    account: Option<Account>,
}

impl Files<'_> {
    fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    fn log(&self) -> PathBuf {
        self.home.join("postgres.log")
    }

    /// The pid in the lock file, if it is that of a living process.
    fn server_pid(&self) -> Option<u32> {
        let text = fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        let pid: u32 = text.lines().next()?.trim().parse().ok()?;
        is_alive(pid).then_some(pid)
    }

    /// Whether the server runs and accepts connections.
    fn is_ready(&self) -> bool {
        let Ok(text) = fs::read_to_string(self.data().join("postmaster.pid")) else { return false };
        let ready = text.lines().nth(7).is_some_and(|status| status.trim() == "ready");
        ready
            && self.server_pid().is_some()
            && UnixStream::connect(self.sockets.join(format!(".s.PGSQL.{PORT}"))).is_ok()
    }

    /// Makes the cluster under another name first, so that an interrupted attempt is not taken for a cluster.
    fn initialise(&self, binaries: &Binaries) -> Result<(), ClusterError> {
        if self.data().join("PG_VERSION").exists() {
            return Ok(());
        }
        let staging = self.home.join("data.new");
        if staging.exists() {
            fs::remove_dir_all(&staging).map_err(|source| folder_error(&staging, source))?;
        }
        let mut command = Command::new(binaries.program("initdb"));
        command.arg("-D").arg(&staging).args(["-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C"]);
        // The data is on disk before the rename below makes it count.
        let output = run_as(&mut command, self.account)
            .stdin(Stdio::null())
            .output()
            .map_err(|source| folder_error(binaries.folder(), source))?;
        if !output.status.success() {
            let printed = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(ClusterError::Init { output: last_lines(&printed) });
        }
        fs::rename(&staging, self.data()).map_err(|source| folder_error(&staging, source))
    }

    fn launch(&self, binaries: &Binaries, durability: Durability) -> Result<(), ClusterError> {
        let began = Instant::now();
        loop {
            let log = File::create(self.log()).map_err(|source| folder_error(&self.log(), source))?;
            let also_log = log.try_clone().map_err(|source| folder_error(&self.log(), source))?;
            let mut command = Command::new(binaries.program("postgres"));
            command.arg("-D").arg(self.data()).arg("-k").arg(self.sockets).args(["-p", &PORT.to_string()]);
            for setting in settings(durability) {
                command.args(["-c", setting]);
            }
            let child = run_as(&mut command, self.account).stdin(Stdio::null()).stdout(log).stderr(also_log).spawn();
            let mut child = child.map_err(|source| folder_error(binaries.folder(), source))?;
            let exited = loop {
                if self.is_ready() {
                    break false;
                }
                if child.try_wait().map_err(|source| folder_error(self.home, source))?.is_some() {
                    break true;
                }
                if began.elapsed() > START_TIMEOUT {
                    let _ = child.kill();
                    return Err(self.start_error(began));
                }
                thread::sleep(LOOK_AGAIN);
            };
            if !exited {
                // Somebody must ask for the exit status, or the stopped server stays a zombie and looks alive.
                thread::spawn(move || child.wait());
                return Ok(());
            }
            let text = fs::read_to_string(self.log()).unwrap_or_default();
            let stale = text.contains("lock file") || text.contains("pre-existing shared memory");
            if !stale || began.elapsed() > STALE_LOCK_TIMEOUT {
                return Err(self.start_error(began));
            }
            tracing::debug!("the locks of a killed PostgreSQL are still there: trying again");
            thread::sleep(Duration::from_millis(250));
        }
    }

    fn start_error(&self, began: Instant) -> ClusterError {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        ClusterError::Start { after: began.elapsed(), log: last_lines(&log) }
    }

    /// Stops the server at once but cleanly: clients are cut off, everything committed is kept.
    fn stop(&self) -> Result<(), ClusterError> {
        let Some(pid) = self.server_pid() else { return Ok(()) };
        let target = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(target) = target {
            let sent = rustix::process::kill_process(target, rustix::process::Signal::INT);
            sent.map_err(|error| folder_error(self.home, error.into()))?;
        }
        let began = Instant::now();
        while self.server_pid().is_some() {
            if began.elapsed() > START_TIMEOUT {
                return Err(self.start_error(began));
            }
            thread::sleep(LOOK_AGAIN);
        }
        Ok(())
    }
}

fn settings(durability: Durability) -> impl Iterator<Item = &'static str> {
    let common = ["listen_addresses=", "unix_socket_permissions=0700", "shared_buffers=64MB", "max_connections=100"];
    let fast: &[&str] = match durability {
        Durability::Safe => &[],
        Durability::None => &["fsync=off", "synchronous_commit=off", "full_page_writes=off"],
    };
    common.into_iter().chain(fast.iter().copied())
}

/// A zombie has a pid but is not alive: it holds no files and answers nobody.
fn is_alive(pid: u32) -> bool {
    match fs::read_to_string(format!("/proc/{pid}/stat")) {
        Ok(stat) => {
            let state = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next());
            !matches!(state, Some("Z" | "X"))
        }
        Err(_) if Path::new("/proc/self").exists() => false,
        Err(_) => i32::try_from(pid)
            .ok()
            .and_then(rustix::process::Pid::from_raw)
            .is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok()),
    }
}

/// Where the cluster lives: in the data directory unless its owner could not get there.
fn home_of(data_dir: &Path) -> PathBuf {
    let wanted = data_dir.join("postgres");
    if !is_root() || everyone_may_enter(&wanted) {
        return wanted;
    }
    PathBuf::from("/var/lib/tintype").join(short_hash(data_dir))
}

/// A directory whose path is short enough for a socket, which has 107 bytes, and that belongs to the cluster's owner.
fn socket_folder(home: &Path, account: Option<Account>) -> Result<PathBuf, ClusterError> {
    let parent = match env::var_os("TINTYPE_SOCKET_DIR").or_else(|| env::var_os("XDG_RUNTIME_DIR")) {
        Some(folder) if account.is_none() => PathBuf::from(folder),
        _ => PathBuf::from("/tmp"),
    };
    let sockets = parent.join(format!("tintype-{}", short_hash(home)));
    create_private_dir(&sockets, account).map_err(|source| folder_error(&sockets, source))?;
    let owner = fs::symlink_metadata(&sockets).map_err(|source| folder_error(&sockets, source))?;
    if !owner.is_dir() || owner.uid() != Account::uid_or_own(account) {
        return Err(ClusterError::ForeignSockets { path: sockets, owner: owner.uid() });
    }
    Ok(sockets)
}

fn short_hash(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

fn open(path: &Path) -> Result<File, ClusterError> {
    OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(|source| folder_error(path, source))
}

fn lock(path: &Path) -> Result<File, ClusterError> {
    let file = open(path)?;
    file.lock().map_err(|source| folder_error(path, source))?;
    Ok(file)
}

fn folder_error(path: &Path, source: io::Error) -> ClusterError {
    ClusterError::Folder { path: path.to_owned(), source }
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().rev().filter(|line| !line.trim().is_empty()).take(4).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" / ")
}
