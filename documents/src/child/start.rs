//! The parent of a child.

use std::{
    ffi::OsString,
    io,
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{ExitStatus, Stdio},
};

use rustix::process::Signal;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    process::{ChildStdin, Command},
    time::timeout,
};

use super::{Answer, Request, most_answer_bytes};
use crate::{Document, Format, Limits, ReadError};

/// So much of what a child complains about is kept.
const COMPLAINT_BYTES: usize = 4 << 10;

/// How a child is started: a program that calls [`serve_child`](crate::serve_child) when it gets these arguments.
#[derive(Debug, Clone)]
pub struct ChildCommand {
    /// The program, such as that of this process.
    pub program: PathBuf,
    /// What it is told.
    pub arguments: Vec<OsString>,
}

/// Reads a document in a process of its own, which ends with the answer, with the limits, or when the future is
/// dropped.
///
/// The child sees nothing of the environment. How many there are at the same time is for the caller to bound: each may
/// take the memory of the limits, and one processor.
///
/// # Errors
///
/// What is wrong with the document; or that no child could be started, which is
/// [transient](ReadError::is_transient).
pub async fn read_in_child(
    command: &ChildCommand,
    format: Format,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Document, ReadError> {
    if bytes.len() > limits.bytes {
        return Err(ReadError::TooLarge { bytes: bytes.len(), limit: limits.bytes });
    }
    let mut child = Command::new(&command.program)
        .args(&command.arguments)
        .env_clear()
        // What mimalloc reserves in advance is free for the document beyond its limit.
        .env("MIMALLOC_ARENA_RESERVE", "0")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // Who stops the parent from a terminal does not stop the child under its hands.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(not_started)?;
    let (Some(input), Some(output), Some(complaints)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(ReadError::NotStarted { reason: "it has no pipes".to_owned() });
    };
    let request = Request { format, limits: limits.clone(), bytes: bytes.len() };
    let most = most_answer_bytes(limits);
    let exchange = async {
        let (input, answer, complaint) =
            tokio::join!(send(input, &request, bytes), receive(output, most), keep_end(complaints));
        // Only now: at the end of its input the child ends.
        drop(input);
        (answer, complaint, child.wait().await)
    };
    match timeout(limits.time, exchange).await {
        // The child is dropped and with it killed.
        Err(_) => Err(ReadError::TooLong { seconds: limits.time.as_secs() }),
        Ok((answer, complaint, status)) => {
            if !complaint.is_empty() {
                tracing::debug!(complaint = %String::from_utf8_lossy(&complaint), "reading a document");
            }
            result(answer, &complaint, status.map_err(not_started)?, limits)
        }
    }
}

fn not_started(error: io::Error) -> ReadError {
    ReadError::NotStarted { reason: error.to_string() }
}

/// Sends the request, and gives back the pipe, which must stay open.
async fn send(mut input: ChildStdin, request: &Request, bytes: &[u8]) -> ChildStdin {
    let mut line = serde_json::to_vec(request).unwrap_or_default();
    line.push(b'\n');
    // A child that does not read has died, and how it did says more.
    if input.write_all(&line).await.is_ok() {
        let _ = input.write_all(bytes).await;
    }
    input
}

/// The answer, or none if it is too long or cut off.
async fn receive(output: impl AsyncRead + Unpin, most: usize) -> Option<Vec<u8>> {
    let mut answer = Vec::new();
    let mut output = output.take(most as u64 + 1);
    output.read_to_end(&mut answer).await.ok().filter(|length| *length <= most).map(|_| answer)
}

/// The end of what a child complains about, where its last words are.
async fn keep_end(mut complaints: impl AsyncRead + Unpin) -> Vec<u8> {
    let mut end = Vec::new();
    let mut buffer = [0; 1_024];
    while let Ok(length @ 1..) = complaints.read(&mut buffer).await {
        end.extend_from_slice(&buffer[..length]);
        let excess = end.len().saturating_sub(COMPLAINT_BYTES);
        end.drain(..excess);
    }
    end
}

/// What the answer says, or else the way in which the child died.
fn result(
    answer: Option<Vec<u8>>,
    complaint: &[u8],
    status: ExitStatus,
    limits: &Limits,
) -> Result<Document, ReadError> {
    let Some(answer) = answer else {
        return Err(ReadError::Died { how: "with an answer that has no end".to_owned() });
    };
    let complains = |of: &str| String::from_utf8_lossy(complaint).contains(of);
    match (status.code(), status.signal().and_then(Signal::from_named_raw)) {
        (Some(0), _) => Answer::parse(&answer)
            .unwrap_or_else(|| Err(ReadError::Died { how: "with an answer that makes no sense".to_owned() })),
        // Before it had anything to do with the document: it is no child, or cannot limit itself.
        (Some(_), _) => Err(ReadError::NotStarted { reason: last_words(complaint, status) }),
        (None, Some(Signal::XCPU)) => Err(ReadError::TooLong { seconds: limits.time.as_secs() }),
        (None, Some(Signal::KILL | Signal::TERM | Signal::INT | Signal::HUP)) => {
            Err(ReadError::Stopped { how: status.to_string() })
        }
        (None, Some(Signal::ABORT)) if complains("memory allocation of") => {
            Err(ReadError::TooMuchMemory { limit: limits.memory_bytes })
        }
        (None, Some(Signal::ABORT)) if complains("overflowed its stack") => {
            Err(ReadError::Damaged { reason: "its parts contain one another".to_owned() })
        }
        (None, _) => Err(ReadError::Died { how: status.to_string() }),
    }
}

fn last_words(complaint: &[u8], status: ExitStatus) -> String {
    let complaint = String::from_utf8_lossy(complaint);
    let words = complaint.lines().rfind(|line| !line.trim().is_empty()).map(|line| line.chars().take(200).collect());
    words.unwrap_or_else(|| status.to_string())
}
