use std::{io, path::PathBuf};

use api_contract::knowledge::{DocumentReader, HereReader};
use bytes::Bytes;
use documents::{ChildCommand, Document, Format, Limits, ReadError, read_in_child};
use futures_util::{FutureExt, future::BoxFuture};

/// What the server's program is told to read a document instead of serving.
pub const READ_DOCUMENT: &str = "read-document";

/// Reads what may be hostile in a process of its own, and the rest here.
#[derive(Debug, Clone)]
pub struct ChildReader {
    command: ChildCommand,
    limits: Limits,
    here: HereReader,
}

impl ChildReader {
    /// With the program of this process, within these limits.
    ///
    /// # Errors
    ///
    /// The operating system does not say which program this is.
    pub fn new(limits: Limits) -> io::Result<Self> {
        Ok(Self::with(this_program()?, limits))
    }

    fn with(program: PathBuf, limits: Limits) -> Self {
        let command = ChildCommand { program, arguments: vec![READ_DOCUMENT.into()] };
        Self { command, here: HereReader::new(limits.clone()), limits }
    }
}

/// On Linux by a name that stays right while a new version takes the place of the file.
fn this_program() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") { Ok(PathBuf::from("/proc/self/exe")) } else { std::env::current_exe() }
}

impl DocumentReader for ChildReader {
    fn read(&self, format: Format, bytes: Bytes) -> BoxFuture<'static, Result<Document, ReadError>> {
        if !format.needs_child() {
            return self.here.read(format, bytes);
        }
        let Self { command, limits, .. } = self.clone();
        async move { read_in_child(&command, format, &bytes, &limits).await }.boxed()
    }
}
