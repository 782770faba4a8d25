//! The examples: each is run, and prints what its README says.

use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use clap::Args;

use crate::{
    debian::REDIS,
    npm,
    readme::blocks,
    tool::Tool,
    workspace::{Profile, Workspace},
};

/// `cargo xtask example`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Which one; without it, all of them are listed.
    name: Option<String>,
}

impl Run {
    pub(crate) fn run(self, workspace: &Workspace) -> anyhow::Result<()> {
        let examples = all(workspace)?;
        let Some(name) = self.name else {
            examples.iter().for_each(|example| println!("{:<18}  {}", example.name, example.title));
            return Ok(());
        };
        let Some(example) = examples.iter().find(|example| example.name == name) else {
            let names: Vec<&str> = examples.iter().map(|example| example.name.as_str()).collect();
            bail!("there is no example {name:?}: the examples are {}", names.join(", "));
        };
        if example.output.is_none() {
            return Tool::cargo(workspace).args(["test", "--package", &example.package()]).run();
        }
        build(workspace, &[example])?;
        let server = example.start(workspace)?;
        build_clients(workspace)?;
        println!("{}", example.run(workspace, server.as_ref())?);
        Ok(())
    }
}

/// Runs every example, and compares what it prints with its README.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let examples = all(workspace)?;
    // What prints nothing is a test, and runs with those of Rust.
    let printing: Vec<&Example> = examples.iter().filter(|example| example.output.is_some()).collect();
    build(workspace, &printing)?;
    let (mut servers, mut outdated) = (Vec::new(), Vec::new());
    for example in &printing {
        let generated = example.generated()?;
        servers.push(example.start(workspace)?);
        if example.generated()? != generated {
            outdated.push(format!("examples/{}/generated", example.name));
        }
    }
    ensure!(
        outdated.is_empty(),
        "these were out of date and are written anew, so commit them: {}",
        outdated.join(", ")
    );
    build_clients(workspace)?;
    for (example, server) in printing.iter().zip(&servers) {
        let printed = example.run(workspace, server.as_ref())?;
        let expected = example.output.as_deref().unwrap_or_default();
        ensure!(printed == expected, "examples/{}/README.md says\n{expected}\nand it prints\n{printed}", example.name);
        println!("{}: as its README says", example.name);
    }
    Ok(())
}

/// A folder of `examples`.
#[derive(Debug)]
struct Example {
    name: String,
    folder: PathBuf,
    /// The heading of its README.
    title: String,
    /// What its README says that it prints.
    output: Option<String>,
}

fn all(workspace: &Workspace) -> anyhow::Result<Vec<Example>> {
    let root = workspace.root().join("examples");
    let mut examples = Vec::new();
    for entry in fs::read_dir(&root).with_context(|| format!("{} cannot be read", root.display()))? {
        let folder = entry?.path();
        if !folder.join("Cargo.toml").exists() {
            continue;
        }
        let readme = folder.join("README.md");
        let readme = fs::read_to_string(&readme).with_context(|| format!("{} cannot be read", readme.display()))?;
        let heading = readme.lines().find_map(|line| line.strip_prefix("# "));
        let title = heading.with_context(|| format!("the README in {} has no heading", folder.display()))?.to_owned();
        let output = blocks(&readme, &["text"]).pop().map(|block| block.text.trim_end().to_owned());
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        examples.push(Example { name, folder, title, output });
    }
    examples.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(examples)
}

fn build(workspace: &Workspace, examples: &[&Example]) -> anyhow::Result<()> {
    let packages = examples.iter().flat_map(|example| ["--package".to_owned(), example.package()]);
    Tool::cargo(workspace).args(["build"]).args(packages).run()
}

/// Builds what runs on Node.js, after the servers have written the types that it imports.
fn build_clients(workspace: &Workspace) -> anyhow::Result<()> {
    npm::ensure_packages(workspace)?;
    Tool::npm(workspace).args(["run", "build", "--workspace", "examples"]).run()
}

impl Example {
    fn package(&self) -> String {
        format!("example-{}", self.name)
    }

    fn program(&self, workspace: &Workspace) -> PathBuf {
        workspace.program(Profile::Dev, &self.package())
    }

    /// Starts its server, if it has a client for one.
    fn start(&self, workspace: &Workspace) -> anyhow::Result<Option<Server>> {
        if !self.folder.join("client.ts").exists() {
            return Ok(None);
        }
        let manifest = fs::read_to_string(self.folder.join("Cargo.toml"))?;
        let redis = manifest.contains("tintype-redis").then(|| start_redis(workspace)).transpose()?;
        Server::start(redis, |address, redis| {
            let mut command = Command::new(self.program(workspace));
            command.arg(address.to_string());
            if let Some(redis) = redis {
                command.env("REDIS_URL", format!("redis://{}", redis.address));
            }
            command
        })
        .map(Some)
    }

    /// Runs its client, or else the whole of it, and returns what it prints.
    fn run(&self, workspace: &Workspace, server: Option<&Server>) -> anyhow::Result<String> {
        let Some(server) = server else {
            return self.printed(&mut Command::new(self.program(workspace)));
        };
        let client = workspace.root().join("examples/dist").join(&self.name).join("client.js");
        let url = format!("http://{}/trpc", server.address);
        self.printed(Command::new("node").arg(client).env("TINTYPE_URL", url))
    }

    /// What a command prints, which has to end.
    fn printed(&self, command: &mut Command) -> anyhow::Result<String> {
        /// Many times what any of them takes.
        const LONGEST: Duration = Duration::from_secs(120);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let began = Instant::now();
        while child.try_wait()?.is_none() {
            if began.elapsed() > LONGEST {
                child.kill()?;
                let output = child.wait_with_output()?;
                let said = String::from_utf8_lossy(&output.stdout);
                bail!("the example {} does not end, after it said\n{said}", self.name);
            }
            thread::sleep(Duration::from_millis(20));
        }
        let output = child.wait_with_output()?;
        let said = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        let complained = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "the example {} failed: {}\n{said}\n{complained}", self.name, output.status);
        Ok(said)
    }

    /// The files that it writes when it starts.
    fn generated(&self) -> anyhow::Result<BTreeMap<PathBuf, String>> {
        let folder = self.folder.join("generated");
        if !folder.exists() {
            return Ok(BTreeMap::new());
        }
        let read = |entry: std::io::Result<fs::DirEntry>| {
            let path = entry?.path();
            let text = fs::read_to_string(&path)?;
            Ok((path, text))
        };
        fs::read_dir(folder)?.map(read).collect()
    }
}

/// A Redis that keeps nothing.
fn start_redis(workspace: &Workspace) -> anyhow::Result<Server> {
    let program = REDIS.ensure(workspace)?;
    Server::start(None, |address, _| {
        let mut command = Command::new(&program);
        command.args(["--port", &address.port().to_string(), "--save", "", "--appendonly", "no"]);
        command.stdout(Stdio::null());
        command
    })
}

/// A program that listens; it ends with the value.
struct Server {
    child: Child,
    address: SocketAddr,
    /// What it needs.
    _redis: Option<Box<Self>>,
}

impl Server {
    /// Starts a program that listens where it is told.
    fn start(redis: Option<Self>, command: impl Fn(SocketAddr, Option<&Self>) -> Command) -> anyhow::Result<Self> {
        let redis = redis.map(Box::new);
        // Another process may take the port between the two steps.
        for _ in 0..5 {
            let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
            let mut command = command(address, redis.as_deref());
            let child = command.stdin(Stdio::null()).spawn();
            let mut child = child.with_context(|| format!("{command:?} cannot be started"))?;
            while child.try_wait()?.is_none() {
                if TcpStream::connect(address).is_ok() {
                    return Ok(Self { child, address, _redis: redis });
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
        bail!("a program ended before it listened: see its messages above")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
