use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A network that goes silent without a word: passes connections on to a server, until it stalls.
#[derive(Debug)]
pub struct StallingProxy {
    port: u16,
    /// Whether the connections of today pass on what the server says; those made after a stall have a new one.
    flows: Arc<Mutex<Arc<AtomicBool>>>,
}

impl StallingProxy {
    /// Listens on a free port of loopback, and passes on to the port `to`.
    ///
    /// # Panics
    ///
    /// If no port can be had.
    pub async fn start(to: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let flows = Arc::new(Mutex::new(Arc::new(AtomicBool::new(true))));
        let current = Arc::clone(&flows);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let flows = current.lock().unwrap().clone();
                tokio::spawn(pass_on(client, to, flows));
            }
        });
        Self { port, flows }
    }

    /// The URL of the Redis server behind it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// From now on the connections that exist take everything and bring nothing, and stay open.
    pub fn stall(&self) {
        let mut flows = self.flows.lock().unwrap();
        flows.store(false, Ordering::Relaxed);
        *flows = Arc::new(AtomicBool::new(true));
    }
}

async fn pass_on(client: TcpStream, to: u16, flows: Arc<AtomicBool>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", to)).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let requests = async { tokio::io::copy(&mut from_client, &mut to_server).await };
    let answers = async {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let length = from_server.read(&mut buffer).await?;
            if length == 0 {
                return std::io::Result::Ok(());
            }
            if flows.load(Ordering::Relaxed) {
                to_client.write_all(&buffer[..length]).await?;
            }
        }
    };
    let _ = tokio::join!(requests, answers);
}
