//! PostgreSQL refuses to run as root, so root's cluster belongs to another user.

use std::{
    fs, io,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::Command,
};

/// The user who owns the cluster, if it is not the one who runs this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

impl Account {
    /// The account to drop to: none for ordinary users; `postgres`, or else `nobody`, for root.
    pub(crate) fn to_drop_to() -> io::Result<Option<Self>> {
        if !is_root() {
            return Ok(None);
        }
        let passwd = fs::read_to_string("/etc/passwd")?;
        let find = |name: &str| {
            let mut fields = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>());
            let fields = fields.find(|fields| fields.first() == Some(&name))?;
            Some(Self { uid: fields.get(2)?.parse().ok()?, gid: fields.get(3)?.parse().ok()? })
        };
        find("postgres").or_else(|| find("nobody")).map(Some).ok_or_else(|| {
            io::Error::other("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it")
        })
    }

    /// Uid of the cluster's files.
    pub(crate) fn uid_or_own(account: Option<Self>) -> u32 {
        account.map_or_else(|| rustix::process::geteuid().as_raw(), |account| account.uid)
    }
}

/// Creates a directory that only the cluster's owner may enter.
pub(crate) fn create_private_dir(path: &Path, account: Option<Account>) -> io::Result<()> {
    fs::create_dir_all(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    if let Some(Account { uid, gid }) = account {
        std::os::unix::fs::chown(path, Some(uid), Some(gid))?;
    }
    Ok(())
}

/// Makes `command` run as the cluster's owner, outside our process group so that Ctrl-C reaches only us.
pub(crate) fn run_as(command: &mut Command, account: Option<Account>) -> &mut Command {
    // The locale of the terminal must not decide how the cluster sorts or what it says.
    command.env("LC_ALL", "C").env_remove("PGDATA").env_remove("PGPORT").env_remove("PGHOST").process_group(0);
    match account {
        Some(Account { uid, gid }) => command.uid(uid).gid(gid).current_dir("/"),
        None => command,
    }
}

/// Whether any user may pass through every folder above `path`.
pub(crate) fn everyone_may_enter(path: &Path) -> bool {
    path.ancestors().skip(1).all(|folder| match fs::metadata(folder) {
        Ok(metadata) => metadata.permissions().mode() & 0o001 != 0,
        // What does not exist yet will be made by us.
        Err(_) => true,
    })
}
