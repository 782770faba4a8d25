//! Node.js and the npm packages that the lock file names.

use std::{fs, io, path::Path, time::SystemTime};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::{debian::find_program, tool::Tool, workspace::Workspace};

/// The oldest Node.js that runs the tools, as in `engines` of `package.json`.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// The package that the others import in its built form.
const CLIENT: &str = "bindings/client";

/// Checks Node.js and npm, installs the locked packages and builds the client, unless that is done already.
pub(crate) fn ensure_packages(workspace: &Workspace) -> anyhow::Result<()> {
    check_node(workspace)?;
    if is_installed(workspace)? {
        println!("node_modules matches package-lock.json");
    } else {
        Tool::npm(workspace).args(["ci", "--no-audit", "--no-fund"]).run()?;
    }
    let client = workspace.root().join(CLIENT);
    let built = newest(&client.join("dist")).unwrap_or(SystemTime::UNIX_EPOCH);
    let written = newest(&client.join("src")).with_context(|| format!("cannot read {}", client.display()))?;
    if built < written {
        Tool::npm(workspace).args(["run", "build", "--workspace", CLIENT]).run()?;
    }
    Ok(())
}

/// When a file below `folder` was last written.
fn newest(folder: &Path) -> io::Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        let written = if metadata.is_dir() { self::newest(&entry.path())? } else { metadata.modified()? };
        newest = newest.max(written);
    }
    Ok(newest)
}

/// Checks that Node.js is new enough and that npm is there.
pub(crate) fn check_node(workspace: &Workspace) -> anyhow::Result<()> {
    const INSTALL: &str =
        "install it with `apt-get install nodejs npm` on Debian 13 or newer, or from https://nodejs.org";
    let (major, minor) = OLDEST_NODE;
    let Some(version) = Tool::new(workspace, "node").args(["--version"]).output() else {
        bail!("Node.js {major}.{minor} or newer is missing: {INSTALL}");
    };
    match parse_version(&version) {
        Some(found) if found >= OLDEST_NODE => {}
        _ => bail!("Node.js is {version}, and {major}.{minor} or newer is needed: {INSTALL}"),
    }
    if find_program("npm").is_none() {
        bail!("npm is missing: {INSTALL}");
    }
    Ok(())
}

/// Reads `v20.19.2` as major and minor.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Whether what npm wrote down about `node_modules` is what the lock file asks for.
fn is_installed(workspace: &Workspace) -> anyhow::Result<bool> {
    let path = workspace.root().join("package-lock.json");
    let locked = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let locked: Value = serde_json::from_str(&locked).with_context(|| format!("cannot read {}", path.display()))?;
    let installed = fs::read_to_string(workspace.root().join("node_modules/.package-lock.json")).ok();
    // What cannot be read is installed anew.
    let installed: Option<Value> = installed.and_then(|text| serde_json::from_str(&text).ok());
    Ok(installed.is_some_and(|installed| satisfies(&installed, &locked)))
}

fn satisfies(installed: &Value, locked: &Value) -> bool {
    let (Some(installed), Some(locked)) = (installed["packages"].as_object(), locked["packages"].as_object()) else {
        return false;
    };
    let is_fresh =
        locked.iter().filter(|(path, _)| !path.is_empty()).all(|(path, package)| match installed.get(path) {
            Some(found) => found["version"] == package["version"] && found["integrity"] == package["integrity"],
            // Builds for other machines are not installed.
            None => package["optional"] == true || package["devOptional"] == true,
        });
    is_fresh && installed.keys().all(|path| locked.contains_key(path))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn versions_of_node_are_compared_as_numbers() {
        assert_eq!(parse_version("v20.19.2\n"), Some((20, 19)));
        assert!(parse_version("v20.9.0").unwrap() < OLDEST_NODE);
        assert!(parse_version("v22.0.0").unwrap() > OLDEST_NODE);
        assert_eq!(parse_version("node"), None);
    }

    #[test]
    fn packages_are_installed_anew_when_the_lock_file_asks_for_others() {
        let locked = json!({ "packages": {
            "": { "name": "workspace" },
            "node_modules/a": { "version": "1.0.0", "integrity": "sha512-a" },
            "node_modules/a-darwin": { "version": "1.0.0", "optional": true },
        }});
        let with = |packages: Value| satisfies(&json!({ "packages": packages }), &locked);

        assert!(with(json!({ "node_modules/a": { "version": "1.0.0", "integrity": "sha512-a" } })));
        assert!(!with(json!({ "node_modules/a": { "version": "1.0.1", "integrity": "sha512-a" } })));
        assert!(!with(json!({ "node_modules/a": { "version": "1.0.0", "integrity": "sha512-b" } })));
        assert!(!with(json!({})));
        assert!(!with(json!({
            "node_modules/a": { "version": "1.0.0", "integrity": "sha512-a" },
            "node_modules/removed": { "version": "1.0.0" },
        })));
        assert!(!satisfies(&json!(null), &locked));
    }
}
