//! A child for the tests, with the allocator that the server has.
//!
//! With a socket, somebody sees for as long as it is connected that the process lives.

use std::{
    env, fs,
    io::{self, BufRead},
    os::unix::net::UnixStream,
    process::ExitCode,
    time::Duration,
};

use documents::{ChildCommand, Format, Limits, read_in_child, serve_child};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments {
        [] => serve_child(),
        ["seen", socket] => {
            // Once there is something to read: it stays in the buffer.
            let _ = io::stdin().lock().fill_buf();
            seen(socket, |_| serve_child())
        }
        // Without an end of its own, and deaf to the parent.
        ["hanging", socket] => seen(socket, |mut socket| match io::copy(&mut socket, &mut io::sink()) {
            Ok(_) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        }),
        ["parent", socket, document] => parent(socket, document),
        _ => ExitCode::FAILURE,
    }
}

fn seen(socket: &str, then: impl FnOnce(UnixStream) -> ExitCode) -> ExitCode {
    let Ok(connected) = UnixStream::connect(socket) else { return ExitCode::FAILURE };
    let Ok(kept) = connected.try_clone() else { return ExitCode::FAILURE };
    let code = then(connected);
    drop(kept);
    code
}

/// A parent that has time.
fn parent(socket: &str, document: &str) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let (Ok(runtime), Ok(program), Ok(document)) = (runtime, env::current_exe(), fs::read(document)) else {
        return ExitCode::FAILURE;
    };
    let command = ChildCommand { program, arguments: vec!["seen".into(), socket.into()] };
    let limits = Limits { time: Duration::from_secs(36_000), ..Limits::default() };
    match runtime.block_on(read_in_child(&command, Format::Pdf, &document, &limits)) {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
