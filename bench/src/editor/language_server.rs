use std::{path::Path, process::Command};

use anyhow::ensure;
use serde_json::{Value, json};

use super::{
    document::Document,
    server::{Process, Server, texts},
};
use crate::types::{Compiler, folder_of_package};

/// TypeScript 7 as a language server.
#[derive(Debug)]
pub(super) struct LanguageServer {
    process: Process,
    id: u64,
}

impl LanguageServer {
    pub(super) fn start() -> anyhow::Result<Self> {
        let program = folder_of_package(Compiler::TypeScript7.package())?.join("bin/tsc");
        let process = Process::start(Command::new("node").arg(program).args(["--lsp", "--stdio"]))?;
        let mut server = Self { process, id: 0 };
        let capabilities = json!({ "textDocument": { "diagnostic": {}, "completion": {} } });
        server.ask("initialize", &json!({ "processId": null, "rootUri": null, "capabilities": capabilities }))?;
        server.send(&json!({ "method": "initialized", "params": {} }))?;
        Ok(server)
    }

    fn send(&mut self, message: &Value) -> anyhow::Result<()> {
        let mut message = message.clone();
        message["jsonrpc"] = "2.0".into();
        let text = message.to_string();
        self.process.write(&format!("Content-Length: {}\r\n\r\n{text}", text.len()))
    }

    fn ask(&mut self, method: &str, params: &Value) -> anyhow::Result<Value> {
        self.id += 1;
        self.send(&json!({ "id": self.id, "method": method, "params": params }))?;
        loop {
            let mut message = self.process.read()?;
            if !message["method"].is_null() {
                self.answer(&message)?;
            } else if message["id"] == self.id {
                ensure!(message["error"].is_null(), "the language server refused {method}: {message}");
                return Ok(message["result"].take());
            }
        }
    }

    /// The server asks for settings, of which there are none, and announces what it watches.
    fn answer(&mut self, message: &Value) -> anyhow::Result<()> {
        if message["id"].is_null() {
            return Ok(());
        }
        let settings = message["params"]["items"].as_array().map(|items| vec![Value::Null; items.len()]);
        self.send(&json!({ "id": message["id"], "result": settings }))
    }
}

impl Server for LanguageServer {
    fn open(&mut self, document: &Document) -> anyhow::Result<()> {
        let item = json!({
            "uri": uri(&document.file), "languageId": "typescript", "version": document.version, "text": document.text,
        });
        self.send(&json!({ "method": "textDocument/didOpen", "params": { "textDocument": item } }))
    }

    fn change(&mut self, document: &mut Document, line: &str) -> anyhow::Result<()> {
        let at = |character: usize| json!({ "line": document.last, "character": character });
        let change = json!({ "range": { "start": at(0), "end": at(document.last_len) }, "text": line });
        document.changed(line);
        let name = json!({ "uri": uri(&document.file), "version": document.version });
        let params = json!({ "textDocument": name, "contentChanges": [change] });
        self.send(&json!({ "method": "textDocument/didChange", "params": params }))
    }

    fn completions(&mut self, document: &Document) -> anyhow::Result<Vec<String>> {
        let params = json!({
            "textDocument": { "uri": uri(&document.file) },
            "position": { "line": document.last, "character": document.last_len },
        });
        let result = self.ask("textDocument/completion", &params)?;
        Ok(texts(if result.is_array() { &result } else { &result["items"] }, "label"))
    }

    fn errors(&mut self, document: &Document) -> anyhow::Result<Vec<String>> {
        let params = json!({ "textDocument": { "uri": uri(&document.file) } });
        Ok(texts(&self.ask("textDocument/diagnostic", &params)?["items"], "message"))
    }

    fn cpu_seconds(&self) -> anyhow::Result<f64> {
        self.process.cpu_seconds()
    }
}

/// The paths are those of temporary folders, with no character that a URI would escape.
fn uri(file: &Path) -> String {
    format!("file://{}", file.display())
}
