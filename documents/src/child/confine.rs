//! What a child takes from itself before it looks at a document.

use std::{io, time::Duration};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::Limits;

/// Files that may be open; those of standard input, output and error are, and one more for what the limits need.
const MOST_FILES: u64 = 8;

/// Limits memory, time on the processor and everything that reading does not need.
pub(super) fn confine(limits: &Limits) -> io::Result<()> {
    // A limit of the address space would count what is only reserved: stacks of threads, arenas of allocators.
    limit(Resource::Data, data_bytes()?.saturating_add(limits.memory_bytes))?;
    limit_time(limits.time)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 0)?;
    limit(Resource::Nofile, MOST_FILES)
}

/// The parent's clock ends the child; this one does, should the parent not get to it.
fn limit_time(time: Duration) -> io::Result<()> {
    let seconds = time.as_secs().saturating_add(2);
    let maximum = lower(seconds + 1, getrlimit(Resource::Cpu).maximum);
    setrlimit(Resource::Cpu, Rlimit { current: Some(seconds.min(maximum)), maximum: Some(maximum) })?;
    Ok(())
}

fn limit(resource: Resource, most: u64) -> io::Result<()> {
    let most = lower(most, getrlimit(resource).maximum);
    setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    Ok(())
}

/// Nobody may go above a limit that was set from outside.
fn lower(wanted: u64, maximum: Option<u64>) -> u64 {
    maximum.map_or(wanted, |maximum| wanted.min(maximum))
}

/// How much the process has already of what the limit of data counts.
///
/// An allocator takes much in advance, mimalloc 1 GiB: without this, a lower limit would leave nothing at all.
#[cfg(target_os = "linux")]
fn data_bytes() -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmData:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    let kilobytes =
        kilobytes.ok_or_else(|| io::Error::other("/proc/self/status does not say how much data there is"))?;
    Ok(kilobytes.saturating_mul(1_024))
}

/// Other systems do not say; what an allocator takes in advance comes out of what is allowed.
#[cfg(not(target_os = "linux"))]
fn data_bytes() -> io::Result<u64> {
    Ok(0)
}
