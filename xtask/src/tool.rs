use std::{
    env,
    ffi::{OsStr, OsString},
    fmt,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

use anyhow::{Context, bail};

use crate::workspace::Workspace;

/// One run of a program in the root folder, whose output goes straight to the terminal.
#[derive(Debug)]
pub(crate) struct Tool {
    program: OsString,
    /// How a person would type the program.
    name: String,
    arguments: Vec<OsString>,
    environment: Vec<(&'static str, OsString)>,
    folder: PathBuf,
}

impl Tool {
    pub(crate) fn new(workspace: &Workspace, program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref().to_owned();
        let name = program.to_string_lossy().into_owned();
        Self { program, name, arguments: Vec::new(), environment: Vec::new(), folder: workspace.root().to_owned() }
    }

    /// The cargo that runs this program, so that the toolchain is the same.
    pub(crate) fn cargo(workspace: &Workspace) -> Self {
        let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Self { name: "cargo".to_owned(), ..Self::new(workspace, program) }
    }

    pub(crate) fn npm(workspace: &Workspace) -> Self {
        Self::new(workspace, "npm")
    }

    pub(crate) fn args<A: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// Runs it in another folder than the root.
    pub(crate) fn within(self, folder: &Path) -> Self {
        Self { folder: folder.to_owned(), ..self }
    }

    /// Runs it; an exit status other than 0 is an error that quotes the command.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let status = self.status()?;
        if !status.success() {
            bail!("`{self}` failed: {status}");
        }
        Ok(())
    }

    /// Runs it, and says how it ended.
    pub(crate) fn status(&self) -> anyhow::Result<ExitStatus> {
        println!("$ {self}");
        match self.command().status() {
            Ok(status) => Ok(status),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!("`{}` is not installed: it runs `{self}`", self.name)
            }
            Err(error) => Err(error).with_context(|| format!("`{self}` cannot be started")),
        }
    }

    /// What it prints, if it can be started and succeeds.
    pub(crate) fn output(self) -> Option<String> {
        let output = self.command().stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.current_dir(&self.folder);
        command
    }
}

/// The command as a person would type it in the root folder.
impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.environment {
            write!(f, "{name}={} ", quoted(value))?;
        }
        f.write_str(&self.name)?;
        self.arguments.iter().try_for_each(|argument| write!(f, " {}", quoted(argument)))
    }
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@+,%".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_split_them() {
        let shown = |word: &str| quoted(OsStr::new(word));

        assert_eq!(shown("--package=xtask"), "--package=xtask");
        assert_eq!(shown("-D warnings"), "'-D warnings'");
        assert_eq!(shown("it's"), r"'it'\''s'");
        assert_eq!(shown(""), "''");
    }
}
