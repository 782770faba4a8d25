//! A private cluster survives what happens to it.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path, process::Command, thread};

use private_postgres::{Binaries, Cluster, Durability};

fn binaries() -> Binaries {
    Binaries::locate(&mut |step| println!("{step}")).unwrap()
}

fn start(data_dir: &Path) -> Cluster {
    Cluster::start(&binaries(), data_dir, Durability::None).unwrap()
}

/// A data directory that the cluster's owner may enter, also when root runs the tests.
fn data_dir() -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("tintype-cluster-").tempdir_in("/tmp").unwrap();
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(folder.path(), open).unwrap();
    folder
}

fn kill(pid: u32) {
    assert!(Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap().success());
}

#[test]
fn a_second_start_adopts_the_running_cluster_and_the_last_user_stops_it() {
    let folder = data_dir();
    let first = start(folder.path());
    let second = start(folder.path());
    let pid = first.server_pid().unwrap();
    assert_eq!(second.server_pid(), Some(pid));

    first.leave().unwrap();
    assert_eq!(second.server_pid(), Some(pid));

    second.leave().unwrap();
    assert!(!Path::new(&format!("/proc/{pid}/fd")).exists() || fs::read_link(format!("/proc/{pid}/exe")).is_err());
}

#[test]
fn starts_that_race_on_an_empty_directory_share_one_cluster() {
    let folder = data_dir();
    let starts: Vec<_> = (0..3)
        .map(|_| {
            let path = folder.path().to_owned();
            thread::spawn(move || start(&path))
        })
        .collect();
    let clusters: Vec<Cluster> = starts.into_iter().map(|start| start.join().unwrap()).collect();

    let pids: Vec<_> = clusters.iter().map(|cluster| cluster.server_pid().unwrap()).collect();
    assert_eq!(pids, [pids[0]; 3]);

    for cluster in clusters {
        cluster.leave().unwrap();
    }
}

#[test]
fn a_killed_server_is_started_again() {
    let folder = data_dir();
    let first = start(folder.path());
    let pid = first.server_pid().unwrap();

    kill(pid);
    let second = start(folder.path());

    assert_ne!(second.server_pid().unwrap(), pid);
    drop(first);
    second.leave().unwrap();
}

#[test]
fn an_interrupted_initialisation_heals() {
    let folder = data_dir();
    let cluster = start(folder.path());
    let home = cluster.home().to_owned();
    cluster.leave().unwrap();
    // What is on disk when initdb was killed: the temporary name, half filled.
    fs::remove_dir_all(home.join("data")).unwrap();
    fs::create_dir_all(home.join("data.new/base")).unwrap();
    fs::write(home.join("data.new/PG_VERSION"), "18\n").unwrap();

    let cluster = start(folder.path());

    assert!(cluster.server_pid().is_some());
    cluster.leave().unwrap();
}

#[test]
fn a_long_data_directory_still_has_a_socket() {
    let folder = data_dir();
    let long = folder.path().join("x".repeat(120));

    let cluster = start(&long);

    assert!(cluster.superuser_url("postgres").starts_with("postgres://postgres@"));
    cluster.leave().unwrap();
}
