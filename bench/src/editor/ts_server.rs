use std::process::Command;

use anyhow::ensure;
use serde_json::{Value, json};

use super::{
    document::Document,
    server::{Process, Server, texts},
};
use crate::types::{Compiler, folder_of_package};

/// TypeScript 5.9 as editors run it: requests are lines of JSON.
#[derive(Debug)]
pub(super) struct TsServer {
    process: Process,
    seq: u64,
}

impl TsServer {
    pub(super) fn start() -> anyhow::Result<Self> {
        let program = folder_of_package(Compiler::TypeScript5.package())?.join("lib/tsserver.js");
        let process = Process::start(Command::new("node").arg(program).arg("--disableAutomaticTypingAcquisition"))?;
        Ok(Self { process, seq: 0 })
    }

    fn send(&mut self, command: &str, arguments: &Value) -> anyhow::Result<u64> {
        self.seq += 1;
        let request = json!({ "seq": self.seq, "type": "request", "command": command, "arguments": arguments });
        self.process.write(&format!("{request}\n"))?;
        Ok(self.seq)
    }

    fn ask(&mut self, command: &str, arguments: &Value) -> anyhow::Result<Value> {
        let seq = self.send(command, arguments)?;
        loop {
            let mut message = self.process.read()?;
            if message["type"] == "response" && message["request_seq"] == seq {
                ensure!(message["success"] == true, "tsserver refused {command}: {message}");
                return Ok(message["body"].take());
            }
        }
    }
}

impl Server for TsServer {
    fn open(&mut self, document: &Document) -> anyhow::Result<()> {
        self.send("open", &json!({ "file": document.file, "fileContent": document.text }))?;
        Ok(())
    }

    fn change(&mut self, document: &mut Document, line: &str) -> anyhow::Result<()> {
        let number = document.last + 1;
        let end = document.last_len + 1;
        self.send(
            "change",
            &json!({
                "file": document.file, "line": number, "offset": 1, "endLine": number, "endOffset": end,
                "insertString": line,
            }),
        )?;
        document.changed(line);
        Ok(())
    }

    fn completions(&mut self, document: &Document) -> anyhow::Result<Vec<String>> {
        let (line, offset) = (document.last + 1, document.last_len + 1);
        let body = self.ask("completionInfo", &json!({ "file": document.file, "line": line, "offset": offset }))?;
        Ok(texts(&body["entries"], "name"))
    }

    fn errors(&mut self, document: &Document) -> anyhow::Result<Vec<String>> {
        Ok(texts(&self.ask("semanticDiagnosticsSync", &json!({ "file": document.file }))?, "text"))
    }

    fn cpu_seconds(&self) -> anyhow::Result<f64> {
        self.process.cpu_seconds()
    }
}
