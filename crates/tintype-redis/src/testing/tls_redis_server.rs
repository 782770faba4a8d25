use std::{
    env, fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use tempfile::TempDir;

/// Who vouches for servers: known to nobody but the test that made it.
#[derive(Debug)]
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// A new one, which has nothing in common with any other.
    #[allow(clippy::new_without_default)]
    #[must_use]
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "tests");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// Its certificate, in PEM.
    #[must_use]
    pub fn certificate(&self) -> String {
        self.0.pem()
    }
}

/// A Redis server of a test's own that speaks TLS only; it ends with the value.
#[derive(Debug)]
pub struct TlsRedisServer {
    port: u16,
    _folder: TempDir,
    process: Child,
}

impl TlsRedisServer {
    /// Starts a server on a free port of loopback, for which `authority` vouches.
    ///
    /// # Panics
    ///
    /// If there is no `redis-server`, or one that knows no TLS.
    pub async fn start(authority: &Authority) -> Self {
        Self::start_as(authority, &["save \"\""], &[]).await
    }

    /// Starts a sentinel, likewise, which names `master` as the master of the group `mymaster`.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub async fn start_sentinel(authority: &Authority, master: &Self) -> Self {
        let group = format!("sentinel monitor mymaster 127.0.0.1 {} 1", master.port);
        Self::start_as(authority, &["tls-replication yes", &group], &["--sentinel"]).await
    }

    async fn start_as(authority: &Authority, config: &[&str], arguments: &[&str]) -> Self {
        // Another process may take the port between the two steps.
        for _ in 0..20 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let folder = tempfile::tempdir().unwrap();
            let process = spawn(port, folder.path(), authority, config, arguments);
            let mut server = Self { port, _folder: folder, process };
            if server.listens().await {
                return server;
            }
        }
        panic!("redis-server does not start with TLS");
    }

    /// The URL, by which nothing is said about who vouches for it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("rediss://127.0.0.1:{}", self.port)
    }

    async fn listens(&mut self) -> bool {
        for _ in 0..500 {
            if self.process.try_wait().unwrap().is_some() {
                return false;
            }
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }
}

fn spawn(port: u16, folder: &Path, authority: &Authority, config: &[&str], arguments: &[&str]) -> Child {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority.0).unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let lines = [
        format!("port 0\ntls-port {port}\nbind 127.0.0.1\ndir {}", folder.display()),
        format!("tls-cert-file {}", write("server.pem", &certificate.pem()).display()),
        format!("tls-key-file {}", write("key.pem", &key.serialize_pem()).display()),
        format!("tls-ca-cert-file {}\ntls-auth-clients no", write("authority.pem", &authority.certificate()).display()),
        config.join("\n"),
    ];
    let file = write("redis.conf", &lines.join("\n"));
    let program = env::var_os("REDIS_SERVER").map_or_else(|| PathBuf::from("redis-server"), PathBuf::from);
    Command::new(&program)
        .arg(file)
        .args(arguments)
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program:?}: {error}: install redis-server, or set REDIS_SERVER to its path"))
}

impl Drop for TlsRedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
