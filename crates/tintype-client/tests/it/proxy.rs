//! A proxy that cuts connections, or lets them fall silent, in the middle of what the server says.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

/// What becomes of a connection after its bytes are used up.
#[derive(Clone, Copy)]
pub(crate) enum Then {
    Cut,
    Silence,
}

impl Proxy {
    /// Lets `bytes` of what the server says on the nth connection pass, counted from 0; `None` for all of it.
    pub(crate) async fn start(
        server: SocketAddr,
        then: Then,
        bytes: impl Fn(usize) -> Option<usize> + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let left = bytes(counted.fetch_add(1, Ordering::Relaxed));
                tokio::spawn(carry(socket, server, left.unwrap_or(usize::MAX), then));
            }
        });
        Self { address, connections }
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

async fn carry(client: TcpStream, server: SocketAddr, mut left: usize, then: Then) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = TcpStream::connect(server).await.unwrap().into_split();
    let upwards = tokio::spawn(async move {
        let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
    });
    let mut buffer = vec![0; 64 * 1024];
    while left > 0 {
        let Ok(read @ 1..) = from_server.read(&mut buffer).await else { break };
        let passed = read.min(left);
        left -= passed;
        if to_client.write_all(&buffer[..passed]).await.is_err() {
            break;
        }
    }
    if left == 0 && matches!(then, Then::Silence) {
        // Until the client has had enough.
        let _ = upwards.await;
        return;
    }
    upwards.abort();
}
