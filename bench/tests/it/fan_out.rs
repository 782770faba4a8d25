use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::Router;
use bench::{
    AppState,
    contract::{
        self,
        chat::{Message, RoomEvent},
    },
};
use server::ConnectionLimits;
use tintype::{Topic, TopicKey, Topics};
use tintype_axum::RpcService;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// A room and who serves it.
struct Lobby {
    address: SocketAddr,
    topic: Topic<RoomEvent>,
    published: u32,
}

impl Lobby {
    async fn serve() -> Self {
        let topics = Topics::in_process();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let procedures = RpcService::builder(contract::router(), AppState { topics: topics.clone() }).build().unwrap();
        let app = Router::new().nest_service("/trpc", procedures);
        let limits = ConnectionLimits::default();
        tokio::spawn(server::serve(listener, app, limits, CancellationToken::new(), Duration::ZERO));
        let topic = topics.topic(TopicKey::new("chat", &["lobby"]).unwrap());
        Self { address, topic, published: 0 }
    }

    async fn ask(&self) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let request = "GET /trpc/chat.subscribe?input=%7B%22room%22%3A%22lobby%22%7D HTTP/1.1\r\nhost: a\r\n\
                       accept: text/event-stream\r\n\r\n";
        socket.write_all(request.as_bytes()).await.unwrap();
        socket
    }

    async fn listen(&self) -> Listener {
        let mut listener = Listener(BufReader::new(self.ask().await));
        while listener.line().await != "\r\n" {}
        // The position comes when the subscription has begun.
        while !listener.chunk().await.contains("id: ") {}
        listener
    }

    /// Publishes without a pause in which anything could be written.
    async fn publish(&mut self, messages: u32, text: &str) {
        for _ in 0..messages {
            let message = Message { room: "lobby".to_owned(), seq: self.published, t: 0.0, text: text.to_owned() };
            self.topic.publish(&RoomEvent::Message(message)).await.unwrap();
            self.published += 1;
        }
    }
}

/// A client that sees the writes of the server: each is one chunk of the body.
struct Listener(BufReader<TcpStream>);

impl Listener {
    async fn line(&mut self) -> String {
        let mut line = String::new();
        let reading = self.0.read_line(&mut line);
        timeout(Duration::from_secs(60), reading).await.expect("nothing arrives").unwrap();
        line
    }

    async fn chunk(&mut self) -> String {
        let length = usize::from_str_radix(self.line().await.trim(), 16).unwrap();
        let mut chunk = vec![0; length + 2];
        self.0.read_exact(&mut chunk).await.unwrap();
        String::from_utf8(chunk).unwrap()
    }

    /// Reads until `messages` have arrived, and returns how many each write had.
    async fn messages_per_write(&mut self, messages: usize) -> Vec<usize> {
        let mut per_write = Vec::new();
        while per_write.iter().sum::<usize>() < messages {
            per_write.push(self.chunk().await.matches("\"seq\":").count());
        }
        per_write
    }
}

// One thread: what is published without a pause waits until all of it is there.
#[tokio::test]
async fn messages_that_wait_for_a_reader_are_one_write() {
    let mut lobby = Lobby::serve().await;
    let mut listener = lobby.listen().await;

    lobby.publish(1, "alone").await;
    assert_eq!(listener.messages_per_write(1).await, [1]);

    lobby.publish(40, "together").await;
    assert_eq!(listener.messages_per_write(40).await, [40]);
}

#[tokio::test]
async fn readers_that_stand_still_cost_little_and_hold_up_nobody() {
    const STALLED: u64 = 100;
    let mut lobby = Lobby::serve().await;
    let mut listener = lobby.listen().await;
    let mut stalled = Vec::new();
    for _ in 0..STALLED {
        let socket = lobby.ask().await;
        socket.readable().await.unwrap();
        stalled.push(socket);
    }
    let text = "x".repeat(2_000);
    lobby.publish(64, &text).await;
    listener.messages_per_write(64).await;
    let before = resident_bytes();

    // Far more than the kernel takes for each: from then on it waits here, or nowhere.
    for _ in 0..60 {
        lobby.publish(64, &text).await;
        assert_eq!(listener.messages_per_write(64).await.iter().sum::<usize>(), 64);
    }

    let growth = resident_bytes().saturating_sub(before);
    assert!(growth < STALLED * 160 * 1024, "{STALLED} readers that stand still cost {growth} bytes");
}

/// As proc(5) has it.
fn resident_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}
