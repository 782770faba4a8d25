//! A provider that says a word every so often, and when it said it.

use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    time::{MissedTickBehavior, interval},
};

/// Bytes of a word: seven digits and a space, so that the length of a text says how many words it has.
pub(super) const WORD_BYTES: usize = 8;

/// What it says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speech {
    pub(super) words: usize,
    pub(super) pause: Duration,
    pub(super) began: Instant,
}

impl Speech {
    /// Tenths of a millisecond since the beginning.
    pub(super) fn now(&self) -> u32 {
        u32::try_from(self.began.elapsed().as_micros() / 100).unwrap_or(u32::MAX)
    }
}

/// Listens on a free port of loopback, for as long as the runtime lives.
pub(super) async fn start(speech: Speech) -> anyhow::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/v1", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                if let Err(error) = answer(socket, speech).await {
                    eprintln!("the provider could not answer: {error:#}");
                }
            });
        }
    });
    Ok(url)
}

async fn answer(socket: TcpStream, speech: Speech) -> anyhow::Result<()> {
    socket.set_nodelay(true)?;
    let mut socket = BufReader::new(socket);
    let (mut line, mut length) = (String::new(), 0);
    while line != "\r\n" {
        line.clear();
        socket.read_line(&mut line).await?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().context("the length of a request")?;
        }
    }
    socket.read_exact(&mut vec![0; length]).await?;
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    socket.write_all(head.as_bytes()).await?;
    let mut ticks = interval(speech.pause);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..speech.words {
        ticks.tick().await;
        let event = format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{:07} \"}}}}]}}\n\n", speech.now());
        socket.write_all(event.as_bytes()).await?;
    }
    let end = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
               data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":400}}\n\n\
               data: [DONE]\n\n";
    socket.write_all(end.as_bytes()).await?;
    Ok(socket.shutdown().await?)
}
