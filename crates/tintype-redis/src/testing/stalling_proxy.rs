use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// A network that goes silent without a word, or breaks: passes connections on to a server, until it is told otherwise.
#[derive(Debug)]
pub struct StallingProxy {
    port: u16,
    /// What becomes of the connections of today; those made after a fault have a new one.
    line: Arc<Mutex<watch::Sender<Line>>>,
}

/// What becomes of what the server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Flows,
    /// It is lost, and nobody hears of it.
    Stalls,
    /// Both sides hear that the connection is over.
    IsCut,
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
        let line = Arc::new(Mutex::new(watch::Sender::new(Line::Flows)));
        let current = Arc::clone(&line);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let line = current.lock().unwrap().subscribe();
                tokio::spawn(pass_on(client, to, line));
            }
        });
        Self { port, line }
    }

    /// The port on loopback on which it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL of the Redis server behind it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// From now on the connections that exist take everything and bring nothing, and stay open.
    pub fn stall(&self) {
        self.hurt(Line::Stalls);
    }

    /// Ends the connections that exist; new ones are passed on.
    pub fn cut(&self) {
        self.hurt(Line::IsCut);
    }

    fn hurt(&self, fault: Line) {
        let mut line = self.line.lock().unwrap();
        line.send_replace(fault);
        *line = watch::Sender::new(Line::Flows);
    }
}

async fn pass_on(client: TcpStream, to: u16, mut line: watch::Receiver<Line>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", to)).await else { return };
    // Small frames must not wait for acknowledgements.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let requests = async { tokio::io::copy(&mut from_client, &mut to_server).await.map(drop) };
    let state = line.clone();
    let answers = async {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let length = from_server.read(&mut buffer).await.unwrap_or(0);
            let line = *state.borrow();
            match line {
                // Not even that the server is gone is heard.
                Line::Stalls if length == 0 => return std::future::pending().await,
                Line::Stalls => {}
                _ if length == 0 => return std::io::Result::Ok(()),
                _ => to_client.write_all(&buffer[..length]).await?,
            }
        }
    };
    let cut = async {
        if line.wait_for(|line| *line == Line::IsCut).await.is_err() {
            // What became of the line is decided.
            std::future::pending::<()>().await;
        }
    };
    // Who is left by one side leaves the other.
    tokio::select! {
        _ = requests => {}
        _ = answers => {}
        () = cut => {}
    }
}
