//! The child.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Write},
    os::fd::OwnedFd,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    thread,
};

use rustix::stdio;

use super::{Answer, Request, confine::confine};
use crate::{ReadError, read};

/// Enough for parts within parts of any honest document; others overflow it.
const STACK_BYTES: usize = 16 << 20;

/// A request has no longer first line.
const MOST_REQUEST_BYTES: u64 = 4 << 10;

/// The whole of `main` in a child of [`read_in_child`](crate::read_in_child): reads one document and answers.
///
/// It does not return before the process has nothing left to do.
#[must_use]
pub fn serve_child() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("a document cannot be read here: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> io::Result<()> {
    let output = take_output()?;
    let mut input = BufReader::new(io::stdin());
    let mut line = String::new();
    input.by_ref().take(MOST_REQUEST_BYTES).read_line(&mut line)?;
    let request: Request = serde_json::from_str(&line)?;
    let mut document = vec![0; request.bytes.min(request.limits.bytes)];
    input.read_exact(&mut document)?;
    // Not on this thread: nobody limits its stack, and it has to watch.
    thread::Builder::new().name("document".to_owned()).stack_size(STACK_BYTES).spawn(move || {
        let code = match answer(&request, &document, output) {
            Ok(()) => 0,
            Err(error) => {
                eprintln!("a document cannot be read here: {error}");
                1
            }
        };
        std::process::exit(code);
    })?;
    // Until nobody waits any more.
    io::copy(&mut input, &mut io::sink())?;
    Err(io::Error::new(io::ErrorKind::BrokenPipe, "nobody waits for the answer"))
}

fn answer(request: &Request, document: &[u8], mut output: File) -> io::Result<()> {
    confine(&request.limits)?;
    let result = catch_unwind(AssertUnwindSafe(|| read(request.format, document, &request.limits)));
    let result = result.unwrap_or_else(|_| {
        Err(ReadError::Damaged { reason: "it has something in it that nobody expects".to_owned() })
    });
    let (answer, text) = Answer::of(result);
    serde_json::to_writer(&mut output, &answer)?;
    output.write_all(b"\n")?;
    output.write_all(text.as_bytes())
}

/// Takes standard output away from everybody else: libraries print what they find odd.
fn take_output() -> io::Result<File> {
    let output: OwnedFd = rustix::io::dup(io::stdout())?;
    stdio::dup2_stdout(io::stderr())?;
    Ok(File::from(output))
}
