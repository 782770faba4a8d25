use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::bundle::{self, BundleError};

/// Where the programs of a PostgreSQL with pgvector are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    origin: &'static str,
}

/// Why no PostgreSQL was found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocateError {
    /// `TINTYPE_PG_BIN` names a folder without the programs.
    #[error("TINTYPE_PG_BIN is {folder:?}, which does not hold `postgres` and `initdb`: point it to a bin folder")]
    NotABinFolder {
        /// The variable's value.
        folder: PathBuf,
    },
    /// The pinned build could not be obtained.
    #[error(transparent)]
    Bundle(#[from] BundleError),
}

/// Oldest version whose SQL the migrations use.
const OLDEST_POSTGRES: u32 = 15;

/// Oldest pgvector with iterative scans, as major and minor.
const OLDEST_PGVECTOR: (u32, u32) = (0, 8);

impl Binaries {
    /// Finds the programs: `TINTYPE_PG_BIN`, a PostgreSQL of this machine that has pgvector, or the pinned build,
    /// which is fetched on first use.
    ///
    /// `progress` is told what takes time, in words for a person.
    ///
    /// # Errors
    ///
    /// [`LocateError`] says what to install or which variable to set.
    pub fn locate(progress: &mut dyn FnMut(&str)) -> Result<Self, LocateError> {
        if let Some(folder) = env::var_os("TINTYPE_PG_BIN").map(PathBuf::from) {
            if !has_programs(&folder) {
                return Err(LocateError::NotABinFolder { folder });
            }
            return Ok(Self { folder, origin: "TINTYPE_PG_BIN" });
        }
        if let Some(folder) = on_this_machine() {
            return Ok(Self { folder, origin: "this machine" });
        }
        Ok(Self { folder: bundle::obtain(progress)?, origin: "the pinned build" })
    }

    /// Where they come from, for a log.
    #[must_use]
    pub fn origin(&self) -> &'static str {
        self.origin
    }

    /// The folder that holds them.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn has_programs(folder: &Path) -> bool {
    folder.join("postgres").is_file() && folder.join("initdb").is_file()
}

/// The newest PostgreSQL installed here that is new enough and has pgvector.
fn on_this_machine() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    folders.sort();
    folders.reverse();
    if let Some(path) = env::var_os("PATH") {
        folders.extend(env::split_paths(&path));
    }
    folders.into_iter().filter(|folder| has_programs(folder)).find(|folder| is_new_enough(folder).unwrap_or(false))
}

fn is_new_enough(folder: &Path) -> io::Result<bool> {
    let output = Command::new(folder.join("postgres")).arg("--version").output()?;
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    let Some((major, _)) = version.split_whitespace().rev().find_map(parse_version) else { return Ok(false) };
    if major < OLDEST_POSTGRES {
        return Ok(false);
    }
    let output = Command::new(folder.join("pg_config")).arg("--sharedir").output()?;
    let share = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let control = fs::read_to_string(share.join("extension/vector.control"))?;
    Ok(pgvector_version(&control).is_some_and(|version| version >= OLDEST_PGVECTOR))
}

fn pgvector_version(control: &str) -> Option<(u32, u32)> {
    let line = control.lines().find(|line| line.trim_start().starts_with("default_version"))?;
    parse_version(line.split('\'').nth(1)?)
}

/// Reads `18.4`, `0.8.5` or `15` as major and minor.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next().map_or(Some(0), |minor| minor.parse().ok())?;
    Some((major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_postgres_and_pgvector_print() {
        let words = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)";
        assert_eq!(words.split_whitespace().find_map(parse_version), Some((15, 18)));
        assert_eq!(pgvector_version("comment = 'x'\ndefault_version = '0.8.5'\n"), Some((0, 8)));
        assert_eq!(pgvector_version("comment = 'x'\n"), None);
        assert!(pgvector_version("default_version = '0.6.2'").unwrap() < OLDEST_PGVECTOR);
    }
}
