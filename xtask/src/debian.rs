//! Programs that come from Debian packages.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::bail;

use crate::{tool::Tool, workspace::Workspace};

/// A program that tests need, and the Debian package that brings it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Program {
    /// Names under which it may be installed, the first being that of the package.
    pub(crate) names: &'static [&'static str],
    /// The package.
    pub(crate) package: &'static str,
    /// Environment variable that names the program instead.
    pub(crate) variable: &'static str,
}

/// The browser of the end-to-end tests.
pub(crate) const CHROMIUM: Program =
    Program { names: &["chromium", "chromium-browser"], package: "chromium", variable: "CHROMIUM" };

/// The Redis servers of the tests, which start one each.
pub(crate) const REDIS: Program =
    Program { names: &["redis-server"], package: "redis-server", variable: "REDIS_SERVER" };

/// The compiler of libFuzzer, which is C++.
pub(crate) const CXX: Program = Program { names: &["g++", "clang++", "c++"], package: "g++", variable: "CXX" };

impl Program {
    /// Where it is, installing it first if it is missing and this user may.
    pub(crate) fn ensure(self, workspace: &Workspace) -> anyhow::Result<PathBuf> {
        if let Some(path) = env::var_os(self.variable).map(PathBuf::from) {
            if !is_program(&path) {
                bail!("{} is {path:?}, which is not a program: correct or unset it", self.variable);
            }
            return Ok(path);
        }
        if let Some(path) = self.find() {
            return Ok(path);
        }
        let command = format!("apt-get install --yes {}", self.package);
        let Some(installer) = Installer::of_this_user() else {
            bail!(
                "{} is missing: install it with `sudo {command}`, or set {} to its path",
                self.package,
                self.variable
            );
        };
        println!("{} is missing: installing it", self.package);
        installer.apt_get(workspace, &["update"]).run()?;
        installer.apt_get(workspace, &["install", "--yes", "--no-install-recommends", self.package]).run()?;
        match self.find() {
            Some(path) => Ok(path),
            None => bail!("`{command}` brought no program {}", self.names.join(" or ")),
        }
    }

    fn find(self) -> Option<PathBuf> {
        self.names.iter().find_map(|name| find_program(name))
    }
}

#[derive(Debug, Clone, Copy)]
enum Installer {
    Root,
    Sudo,
}

impl Installer {
    /// Nobody is asked for a password: it would stop an unattended run.
    fn of_this_user() -> Option<Self> {
        find_program("apt-get")?;
        let says = |program: &str, arguments: &[&str]| {
            let output =
                Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
            output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        if says("id", &["-u"]).as_deref() == Some("0") {
            return Some(Self::Root);
        }
        says("sudo", &["--non-interactive", "true"]).map(|_| Self::Sudo)
    }

    fn apt_get(self, workspace: &Workspace, arguments: &[&str]) -> Tool {
        let tool = match self {
            Self::Root => Tool::new(workspace, "apt-get"),
            Self::Sudo => Tool::new(workspace, "sudo").args(["--non-interactive", "apt-get"]),
        };
        tool.args(arguments.iter().copied()).env("DEBIAN_FRONTEND", "noninteractive")
    }
}

/// The first program of that name in `PATH`.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|program| is_program(program))
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}
