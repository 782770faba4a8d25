//! Programs that run beside the benchmark, and what they use.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpStream,
    process::{Child, Command},
};

use crate::processor_time;

/// A running program that listens on loopback; it ends with the value.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: SocketAddr,
    /// Its configuration and its data.
    _folder: Option<TempDir>,
}

impl Running {
    /// Starts a program that prints its address at the end of its first line.
    pub(crate) async fn that_prints_its_address(command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).stdin(Stdio::null()).kill_on_drop(true).spawn()?;
        let output = child.stdout.take().context("standard output is piped")?;
        let line = BufReader::new(output).lines().next_line().await?.unwrap_or_default();
        let address = line.rsplit_once("http://").and_then(|(_, address)| address.trim().parse().ok());
        let address = address.with_context(|| format!("{command:?} printed {line:?} instead of its address"))?;
        Ok(Self { child, address, _folder: None })
    }

    /// Starts a program on the port that it is told, with a folder of its own.
    pub(crate) async fn on_a_free_port(
        command: impl Fn(u16, &TempDir) -> anyhow::Result<Command>,
    ) -> anyhow::Result<Self> {
        // Another process may take the port between the two steps.
        for _ in 0..5 {
            let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
            let folder = tempfile::tempdir()?;
            let mut command = command(port, &folder)?;
            let mut child = command.stdout(Stdio::null()).stdin(Stdio::null()).kill_on_drop(true).spawn()?;
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            while child.try_wait()?.is_none() {
                if TcpStream::connect(address).await.is_ok() {
                    return Ok(Self { child, address, _folder: Some(folder) });
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        bail!("a program did not start to listen: see its messages above")
    }

    /// Seconds of processor time that it and its children have used.
    pub(crate) fn processor_seconds(&self) -> anyhow::Result<f64> {
        processor_time::of_running(self.process()?)
    }

    /// Bytes of memory that it and its children have in use.
    pub(crate) fn memory_bytes(&self) -> anyhow::Result<u64> {
        let process = self.process()?;
        let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
        let children = children.split_ascii_whitespace().map(str::to_owned);
        std::iter::once(process.to_string()).chain(children).map(|process| resident_bytes(&process)).sum()
    }

    fn process(&self) -> anyhow::Result<u32> {
        self.child.id().context("the server has ended")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Asked, and not killed: a master of nginx that is killed leaves its worker behind.
        if let Some(process) = self.child.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?)) {
            let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
        }
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(10) && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Starts a Redis that keeps nothing on disk.
pub(crate) async fn redis() -> anyhow::Result<Running> {
    let redis = |port: u16, folder: &TempDir| {
        let mut command = Command::new("redis-server");
        let port = port.to_string();
        command.args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir"]);
        command.arg(folder.path());
        Ok(command)
    };
    Running::on_a_free_port(redis).await.context("redis-server is needed: Debian's package redis-server has it")
}

/// Where a program is, if it is installed; programs of administrators are not always in the path.
pub(crate) fn installed(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    folders.map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// As proc(5) has it.
fn resident_bytes(process: &str) -> anyhow::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).context("memory is read from Linux's /proc")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    Ok(kibibytes.with_context(|| format!("the status of process {process} has no VmRSS"))? * 1024)
}
