use anyhow::Context;
use private_postgres::Binaries;

/// Finds PostgreSQL, fetching the pinned build on first use, so that a missing program is reported before a long build.
pub(crate) fn ensure() -> anyhow::Result<()> {
    let binaries = Binaries::locate(&mut |step| println!("{step}")).context("PostgreSQL cannot be obtained")?;
    println!("PostgreSQL from {}: {}", binaries.origin(), binaries.folder().display());
    Ok(())
}
