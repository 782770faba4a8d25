//! A process that answers what editors ask.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::Context;
use serde_json::Value;

use super::document::Document;
use crate::processor_time;

/// What an editor asks TypeScript.
pub(super) trait Server {
    fn open(&mut self, document: &Document) -> anyhow::Result<()>;
    /// Replaces the last line.
    fn change(&mut self, document: &mut Document, line: &str) -> anyhow::Result<()>;
    /// What may stand at the end of the last line.
    fn completions(&mut self, document: &Document) -> anyhow::Result<Vec<String>>;
    /// What is wrong with the types of the file.
    fn errors(&mut self, document: &Document) -> anyhow::Result<Vec<String>>;
    /// Seconds of processors that the server has used.
    fn cpu_seconds(&self) -> anyhow::Result<f64>;
}

/// A process that sends messages framed as those of a language server.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    pub(super) fn start(command: &mut Command) -> anyhow::Result<Self> {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("Node.js did not start")?;
        let input = child.stdin.take().context("standard input is piped")?;
        let output = BufReader::new(child.stdout.take().context("standard output is piped")?);
        Ok(Self { child, input, output })
    }

    pub(super) fn cpu_seconds(&self) -> anyhow::Result<f64> {
        processor_time::of_running(self.child.id())
    }

    pub(super) fn write(&mut self, text: &str) -> anyhow::Result<()> {
        self.input.write_all(text.as_bytes())?;
        Ok(self.input.flush()?)
    }

    pub(super) fn read(&mut self) -> anyhow::Result<Value> {
        let mut length = None;
        loop {
            let mut line = String::new();
            anyhow::ensure!(self.output.read_line(&mut line)? > 0, "the server has ended");
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = Some(value.parse()?),
                Some(_) => {}
                None if length.is_some() => break,
                None => {}
            }
        }
        let mut content = vec![0; length.context("a message has a length")?];
        self.output.read_exact(&mut content)?;
        Ok(serde_json::from_slice(&content)?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The texts at `key` of each of `items`.
pub(super) fn texts(items: &Value, key: &str) -> Vec<String> {
    let items = items.as_array().into_iter().flatten();
    items.filter_map(|item| item[key].as_str()).map(str::to_owned).collect()
}
