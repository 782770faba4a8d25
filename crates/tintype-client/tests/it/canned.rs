//! A server that answers with given bytes, good or bad.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

pub(crate) struct Canned {
    pub(crate) address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

/// One piece of an answer, or a rest between two.
#[derive(Clone)]
pub(crate) enum Piece {
    Bytes(Vec<u8>),
    Rest(Duration),
    /// The connection stays open and nothing comes any more.
    Silence,
}

impl Canned {
    /// Gives each connection the next of `answers`, the last one again and again, and closes it.
    pub(crate) async fn start(answers: Vec<Vec<Piece>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let index = counted.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1);
                tokio::spawn(answer(socket, answers[index].clone()));
            }
        });
        Self { address, requests }
    }

    /// Gives every connection the same answer.
    pub(crate) async fn always(answer: impl Into<Vec<u8>>) -> Self {
        Self::start(vec![vec![Piece::Bytes(answer.into())]]).await
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

async fn answer(mut socket: TcpStream, pieces: Vec<Piece>) {
    let mut head = Vec::new();
    while !head.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
        match socket.read_buf(&mut head).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
    for piece in pieces {
        match piece {
            // The client may have seen enough.
            Piece::Bytes(bytes) => drop(socket.write_all(&bytes).await),
            Piece::Rest(time) => tokio::time::sleep(time).await,
            Piece::Silence => std::future::pending().await,
        }
    }
    let _ = socket.shutdown().await;
    // The rest of the request is read, so that closing does not reset the connection.
    let _ = tokio::io::copy(&mut socket, &mut tokio::io::sink()).await;
}

/// An answer with a length.
pub(crate) fn whole(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
        .into_bytes()
}

/// An answer that ends with its connection.
pub(crate) fn open_ended(content_type: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\nconnection: close\r\n\r\n{body}").into_bytes()
}
