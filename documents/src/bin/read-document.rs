//! A child for the tests, with the allocator that the server has.
//!
//! With a socket, somebody sees for as long as it is connected that the process lives.

use std::{env, io, os::unix::net::UnixStream, process::ExitCode};

use documents::{ChildCommand, Format, Limits, read_in_child, serve_child};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments {
        [] => serve_child(),
        ["seen", socket] => seen(socket, |_| serve_child()),
        // Without an end of its own, and deaf to the parent.
        ["hanging", socket] => seen(socket, |mut socket| match io::copy(&mut socket, &mut io::sink()) {
            Ok(_) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        }),
        ["parent", socket] => parent(socket),
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

/// A parent that waits for a child which is busy for hours.
fn parent(socket: &str) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let (Ok(runtime), Ok(program)) = (runtime, env::current_exe()) else { return ExitCode::FAILURE };
    let command = ChildCommand { program, arguments: vec!["seen".into(), socket.into()] };
    let limits = Limits { time: std::time::Duration::from_secs(36_000), ..Limits::default() };
    let page = documents::testing::page_that_takes_hours();
    match runtime.block_on(read_in_child(&command, Format::Html, page.as_bytes(), &limits)) {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
