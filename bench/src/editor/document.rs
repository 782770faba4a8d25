use std::{
    fs,
    path::{Path, PathBuf},
};

/// An open file of which only the last line changes.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) file: PathBuf,
    pub(super) text: String,
    /// The number of the last line, from 0.
    pub(super) last: usize,
    /// How long the last line is; it is ASCII.
    pub(super) last_len: usize,
    pub(super) version: u32,
}

impl Document {
    pub(super) fn read(file: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(file)?;
        let last = text.matches('\n').count();
        Ok(Self { file: file.to_owned(), text, last, last_len: 0, version: 1 })
    }

    /// Notes that the last line is now `line`.
    pub(super) fn changed(&mut self, line: &str) {
        self.last_len = line.len();
        self.version += 1;
    }
}
