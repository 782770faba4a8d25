//! WebSockets over real sockets.

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tintype::{ErrorCode, Failure};
use tintype_axum::{KeepAlive, Limits, RpcServiceBuilder, SameOrigin, WebSocketLimits};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Message, client::IntoClientRequest},
};
use tokio_util::sync::CancellationToken;

use crate::{AppState, client, server::Server};

/// A client on one WebSocket.
struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    async fn open(address: SocketAddr) -> Self {
        Self::ask(address, "/trpc", &[]).await.unwrap()
    }

    /// Asks for a WebSocket; the error is the status of the refusal.
    async fn ask(address: SocketAddr, uri: &str, headers: &[(&'static str, &str)]) -> Result<Self, StatusCode> {
        let mut request = format!("ws://{address}{uri}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match client_async(request, TcpStream::connect(address).await.unwrap()).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(tungstenite::Error::Http(response)) => Err(response.status()),
            Err(error) => panic!("{error}"),
        }
    }

    async fn send_text(&mut self, text: impl Into<String>) {
        self.0.send(Message::text(text.into())).await.unwrap();
    }

    async fn send(&mut self, message: Value) {
        self.send_text(message.to_string()).await;
    }

    async fn subscribe(&mut self, id: u32, path: &str, input: Value) {
        let params = json!({ "path": path, "input": input });
        self.send(json!({ "id": id, "method": "subscription", "params": params })).await;
    }

    async fn text(&mut self) -> String {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => text.as_str().to_owned(),
            other => panic!("expected a text frame: {other:?}"),
        }
    }

    async fn message(&mut self) -> Value {
        serde_json::from_str(&self.text().await).unwrap()
    }

    /// Asserts that the connection works.
    async fn assert_served(&mut self) {
        let params = json!({ "path": "echo", "input": "here" });
        self.send(json!({ "id": 77, "method": "query", "params": params })).await;
        assert_eq!(self.message().await, json!({ "id": 77, "result": { "type": "data", "data": "here" } }));
    }

    /// Asserts that the server begins the closing handshake, without a status.
    async fn assert_closed(&mut self) {
        match self.0.next().await {
            Some(Ok(Message::Close(None))) => assert!(self.0.next().await.is_none()),
            other => panic!("expected the closing handshake: {other:?}"),
        }
    }

    /// Asserts that the connection ends without a closing handshake, whatever came before.
    async fn assert_cut(&mut self) {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Close(_))) => panic!("expected no closing handshake"),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            }
        }
    }
}

fn with(limits: WebSocketLimits) -> impl FnOnce(RpcServiceBuilder<AppState>) -> RpcServiceBuilder<AppState> {
    |service| service.websocket(limits)
}

async fn start() -> Server {
    Server::start_with(with(WebSocketLimits::default())).await
}

fn reconnect() -> Value {
    json!({ "id": null, "method": "reconnect" })
}

#[tokio::test]
async fn calls_and_subscriptions_share_a_connection() {
    let server = start().await;
    let mut socket = Socket::open(server.address).await;

    socket.subscribe(1, "events.count", json!(2)).await;

    assert_eq!(socket.message().await, json!({ "id": 1, "result": { "type": "started" } }));
    for n in ["1", "2"] {
        let value = json!({ "id": n, "data": n.parse::<u32>().unwrap() });
        assert_eq!(socket.message().await, json!({ "id": 1, "result": { "type": "data", "id": n, "data": value } }));
    }
    assert_eq!(socket.message().await, json!({ "id": 1, "result": { "type": "stopped" } }));
    socket.assert_served().await;
}

#[tokio::test]
async fn every_path_of_the_service_serves_websockets() {
    let server = start().await;
    for uri in ["/trpc", "/trpc/", "/trpc/any/path", "/trpc?a=b"] {
        Socket::ask(server.address, uri, &[]).await.unwrap().assert_served().await;
    }
}

#[tokio::test]
async fn websockets_are_off_unless_they_are_asked_for() {
    let server = Server::start().await;

    assert_eq!(Socket::ask(server.address, "/trpc", &[]).await.err(), Some(StatusCode::NOT_FOUND));
}

#[tokio::test]
async fn requests_that_are_no_upgrades_are_served_as_ever() {
    let server = start().await;

    assert_eq!(client::send(server.address, client::get("address")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_upgrade_in_the_wrong_form_is_refused() {
    let server = start().await;
    let request = Request::get("/trpc").header("upgrade", "websocket").header("connection", "upgrade");

    let answer = client::send(server.address, request.body(client::full("")).unwrap()).await;

    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn connection_params_reach_the_guard() {
    let guard = |cx: &tintype::Context<AppState>| match cx.connection_params().and_then(|params| params.get("token")) {
        Some("a") => Ok(()),
        _ => Err(Failure::new(ErrorCode::Unauthorized, "who are you?")),
    };
    let server = Server::start_with(|service| service.websocket(WebSocketLimits::default()).guard(guard)).await;

    let mut known = Socket::ask(server.address, "/trpc?connectionParams=1", &[]).await.unwrap();
    known.send(json!({ "method": "connectionParams", "data": { "token": "a" } })).await;
    known.assert_served().await;

    let mut unknown = Socket::open(server.address).await;
    let refusal = unknown.message().await;
    assert_eq!(refusal["id"], Value::Null);
    assert_eq!(refusal["error"]["message"], "who are you?");
    unknown.assert_closed().await;
}

#[tokio::test]
async fn only_the_servers_own_pages_may_open_websockets() {
    let origins = SameOrigin::new();
    let server =
        Server::start_with(|service| service.websocket(WebSocketLimits::default()).guard(move |cx| origins.check(cx)))
            .await;
    let own = format!("http://{}", server.address);

    let mut page = Socket::ask(server.address, "/trpc", &[("origin", &own)]).await.unwrap();
    page.assert_served().await;
    let mut evil = Socket::ask(server.address, "/trpc", &[("origin", "https://evil.example")]).await.unwrap();

    assert_eq!(evil.message().await["error"]["data"]["code"], "FORBIDDEN");
    evil.assert_closed().await;
}

#[tokio::test]
async fn a_stop_cancels_the_subscription() {
    let mut server = start().await;
    let mut socket = Socket::open(server.address).await;
    socket.subscribe(1, "events.watch", Value::Null).await;
    assert_eq!(socket.message().await["result"]["type"], "started");
    assert_eq!(socket.message().await["result"]["type"], "data");
    assert_eq!(server.report().await, "begun");

    socket.send(json!({ "id": 1, "method": "subscription.stop" })).await;

    assert_eq!(socket.message().await, json!({ "id": 1, "result": { "type": "stopped" } }));
    let mut reports = [server.report().await, server.report().await];
    reports.sort_unstable();
    assert_eq!(reports, ["aborted", "dropped"]);
}

/// The reports of a subscription and a call that are cancelled, in any order.
async fn assert_both_cancelled(server: &mut Server) {
    let mut reports = Vec::new();
    for _ in 0..4 {
        reports.push(server.report().await);
    }
    reports.sort_unstable();
    assert_eq!(reports, ["aborted", "aborted", "dropped", "dropped"]);
    server.websockets.closed().await;
    assert_eq!(server.websockets.count(), 0);
}

async fn open_with_two_calls(server: &mut Server) -> Socket {
    let mut socket = Socket::open(server.address).await;
    socket.subscribe(1, "events.watch", Value::Null).await;
    socket.send(json!({ "id": 2, "method": "mutation", "params": { "path": "hang" } })).await;
    assert_eq!([server.report().await, server.report().await], ["begun", "begun"]);
    assert_eq!(server.websockets.count(), 1);
    socket
}

#[tokio::test]
async fn a_lost_connection_cancels_every_call() {
    let mut server = start().await;
    let socket = open_with_two_calls(&mut server).await;

    drop(socket);

    assert_both_cancelled(&mut server).await;
}

#[tokio::test]
async fn a_closed_connection_cancels_every_call_and_completes_the_handshake() {
    let mut server = start().await;
    let mut socket = open_with_two_calls(&mut server).await;

    socket.0.close(None).await.unwrap();
    while let Some(message) = socket.0.next().await {
        message.unwrap();
    }

    assert_both_cancelled(&mut server).await;
}

#[tokio::test]
async fn pings_of_both_sorts_are_answered() {
    let server = start().await;
    let mut socket = Socket::open(server.address).await;

    socket.send_text("PING").await;
    assert_eq!(socket.text().await, "PONG");
    socket.0.send(Message::Ping("x".into())).await.unwrap();
    assert_eq!(socket.0.next().await.unwrap().unwrap(), Message::Pong("x".into()));
}

#[tokio::test]
async fn bad_messages_are_answered_and_the_connection_goes_on() {
    let server = start().await;
    let mut socket = Socket::open(server.address).await;
    let bad = [
        Message::text("5"),
        Message::text("ping"),
        Message::text("{"),
        Message::text(r#"{"id":1,"method":"query","params":{"path":5}}"#),
        Message::text(r#"[{"id":1,"method":"query","params":{"path":"echo"}},{"id":true}]"#),
        Message::text("[".repeat(100_000)),
        Message::text(format!(r#"{{"id":1,"method":"query","params":{{"path":"a","input":{}"#, "[".repeat(100_000))),
        Message::binary(&br#"{"id":1,"method":"query","params":{"path":"echo","input":"x"}}"#[..]),
    ];
    for message in bad {
        socket.0.send(message).await.unwrap();
        let error = socket.message().await;
        assert_eq!(error["id"], Value::Null);
        assert_eq!(error["error"]["data"]["code"], "PARSE_ERROR");
        socket.assert_served().await;
    }
}

#[tokio::test]
async fn an_input_nested_too_deeply_fails_its_call() {
    let server = start().await;
    let mut socket = Socket::open(server.address).await;
    let input = "[".repeat(100_000) + &"]".repeat(100_000);

    socket.send_text(format!(r#"{{"id":1,"method":"query","params":{{"path":"echo","input":{input}}}}}"#)).await;

    let error = socket.message().await;
    assert_eq!((&error["id"], &error["error"]["data"]["code"]), (&json!(1), &json!("BAD_REQUEST")));
    socket.assert_served().await;
}

#[tokio::test]
async fn a_message_may_be_as_large_as_the_limit_says() {
    let limits = WebSocketLimits { message_bytes: 1024, ..WebSocketLimits::default() };
    let server = Server::start_with(with(limits)).await;
    let message = |size: usize| {
        // Without its input the message has 61 bytes.
        let input = "x".repeat(size - 61);
        format!(r#"{{"id":1,"method":"query","params":{{"path":"echo","input":"{input}"}}}}"#)
    };
    let mut socket = Socket::open(server.address).await;
    assert_eq!(message(1024).len(), 1024);

    socket.send_text(message(1024)).await;
    assert_eq!(socket.message().await["id"], 1);
    socket.send_text(message(1025)).await;

    socket.assert_cut().await;
    server.websockets.closed().await;
}

#[tokio::test]
async fn bytes_against_the_rules_of_websockets_end_the_connection() {
    let server = start().await;
    // A frame without a mask, one with reserved bits, a text that is not UTF-8, and half of a frame.
    for bytes in [&b"\x81\x01x"[..], b"\xf1\x81\0\0\0\0x", b"\x81\x81\0\0\0\0\xff", b"\x81\x85\0\0"] {
        let mut socket = TcpStream::connect(server.address).await.unwrap();
        let request = "GET /trpc HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
            sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(socket.read_u8().await.unwrap());
        }
        assert!(head.starts_with(b"HTTP/1.1 101 "));

        socket.write_all(bytes).await.unwrap();
        socket.shutdown().await.unwrap();
        // The end may come as a reset.
        let _ = socket.read_to_end(&mut Vec::new()).await;

        server.websockets.closed().await;
    }
}

#[tokio::test]
async fn there_are_as_many_connections_as_the_limit_says() {
    let limits = WebSocketLimits { connections: 1, ..WebSocketLimits::default() };
    let server = Server::start_with(with(limits)).await;
    let mut first = Socket::open(server.address).await;
    first.assert_served().await;

    assert_eq!(Socket::ask(server.address, "/trpc", &[]).await.err(), Some(StatusCode::SERVICE_UNAVAILABLE));

    drop(first);
    server.websockets.closed().await;
    Socket::open(server.address).await.assert_served().await;
}

#[tokio::test]
async fn a_silent_client_is_pinged_and_an_answer_keeps_it() {
    let keep_alive = KeepAlive { interval: Duration::from_millis(1), wait: Duration::from_secs(3600) };
    let limits = WebSocketLimits { keep_alive: Some(keep_alive), ..WebSocketLimits::default() };
    let server = Server::start_with(with(limits)).await;
    let mut socket = Socket::open(server.address).await;

    for _ in 0..3 {
        assert_eq!(socket.text().await, "PING");
        socket.send_text("PONG").await;
    }
}

#[tokio::test]
async fn a_client_that_does_not_answer_pings_is_cut_off() {
    let keep_alive = KeepAlive { interval: Duration::from_millis(1), wait: Duration::from_millis(1) };
    let limits = WebSocketLimits { keep_alive: Some(keep_alive), ..WebSocketLimits::default() };
    let server = Server::start_with(with(limits)).await;
    let mut socket = Socket::open(server.address).await;

    assert_eq!(socket.text().await, "PING");
    socket.assert_cut().await;
}

#[tokio::test]
async fn connection_params_that_never_come_are_not_waited_for() {
    let limits = WebSocketLimits { params_time: Duration::from_millis(1), ..WebSocketLimits::default() };
    let server = Server::start_with(with(limits)).await;

    Socket::ask(server.address, "/trpc?connectionParams=1", &[]).await.unwrap().assert_cut().await;

    Socket::open(server.address).await.assert_served().await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut_off() {
    let limits = WebSocketLimits { send_time: Duration::from_millis(100), ..WebSocketLimits::default() };
    let server = Server::start_with(with(limits)).await;
    let mut socket = Socket::open(server.address).await;

    socket.subscribe(1, "events.count", json!(u32::MAX)).await;

    server.websockets.closed().await;
    socket.assert_cut().await;
}

#[tokio::test]
async fn clients_are_asked_to_reconnect_and_served_meanwhile() {
    let server = start().await;
    let mut first = Socket::open(server.address).await;
    let mut second = Socket::open(server.address).await;
    first.assert_served().await;
    second.assert_served().await;

    server.websockets.notify_reconnect();

    for socket in [&mut first, &mut second] {
        assert_eq!(socket.message().await, reconnect());
        socket.assert_served().await;
    }
    Socket::open(server.address).await.assert_served().await;
}

#[tokio::test]
async fn a_client_that_is_asked_to_move_gets_no_event_that_would_come_twice() {
    let limits = WebSocketLimits { move_time: Duration::from_secs(3600), ..WebSocketLimits::default() };
    let server = Server::start_with(with(limits)).await;
    let mut socket = Socket::open(server.address).await;
    socket.assert_served().await;
    server.websockets.notify_reconnect();
    assert_eq!(socket.message().await, reconnect());

    socket.subscribe(1, "events.count", json!(3)).await;
    assert_eq!(socket.message().await["result"]["type"], "started");

    // Had there been an event, it would have come before this answer.
    socket.assert_served().await;
    socket.assert_served().await;
}

#[tokio::test]
async fn a_client_that_does_not_move_gets_its_events_after_all() {
    let limits = WebSocketLimits { move_time: Duration::from_millis(1), ..WebSocketLimits::default() };
    let server = Server::start_with(with(limits)).await;
    let mut socket = Socket::open(server.address).await;
    socket.assert_served().await;
    socket.subscribe(1, "events.count", json!(1)).await;
    server.websockets.notify_reconnect();

    let mut types = Vec::new();
    while types.last().is_none_or(|kind| kind != "stopped") {
        types.push(socket.message().await["result"]["type"].as_str().unwrap_or("reconnect").to_owned());
    }
    types.sort_unstable();
    assert_eq!(types, ["data", "reconnect", "started", "stopped"]);
}

#[tokio::test]
async fn connections_can_be_cut_off() {
    let mut server = start().await;
    let mut socket = open_with_two_calls(&mut server).await;

    server.websockets.cut();

    socket.assert_cut().await;
    assert_both_cancelled(&mut server).await;
    Socket::open(server.address).await.assert_served().await;
}

/// Limits with which a shutdown moves clients at once.
fn at_once() -> Limits {
    Limits { drain_time: Duration::ZERO, ..Limits::default() }
}

#[tokio::test]
async fn a_shutdown_does_not_move_all_clients_at_once() {
    let shutdown = CancellationToken::new();
    let limits = Limits { drain_time: Duration::from_secs(2), ..Limits::default() };
    let service = |service: RpcServiceBuilder<_>| {
        service.websocket(WebSocketLimits::default()).limits(limits).shutdown(shutdown.clone())
    };
    let server = Server::start_with(service).await;
    let mut sockets = Vec::new();
    for _ in 0..30 {
        let mut socket = Socket::open(server.address).await;
        socket.assert_served().await;
        sockets.push(socket);
    }

    shutdown.cancel();

    let began = std::time::Instant::now();
    let moved = sockets.into_iter().map(|mut socket| async move {
        assert_eq!(socket.message().await, reconnect());
        began.elapsed().as_millis()
    });
    let moments: BTreeSet<_> = futures_util::future::join_all(moved).await.into_iter().collect();
    assert!(moments.len() > 5, "they were moved together: {moments:?}");
}

#[tokio::test]
async fn a_shutdown_moves_clients_and_then_closes_their_connections() {
    let shutdown = CancellationToken::new();
    let limits = WebSocketLimits { grace: Duration::from_millis(1), ..WebSocketLimits::default() };
    let service =
        |service: RpcServiceBuilder<_>| service.websocket(limits).limits(at_once()).shutdown(shutdown.clone());
    let mut server = Server::start_with(service).await;
    let mut socket = open_with_two_calls(&mut server).await;
    assert_eq!(socket.message().await["result"]["type"], "started");
    assert_eq!(socket.message().await["result"]["type"], "data");

    shutdown.cancel();

    assert_eq!(socket.message().await, reconnect());
    socket.assert_closed().await;
    assert_both_cancelled(&mut server).await;
    assert_eq!(Socket::ask(server.address, "/trpc", &[]).await.err(), Some(StatusCode::SERVICE_UNAVAILABLE));
}

#[tokio::test]
async fn a_shutdown_serves_its_clients_until_the_grace_is_over() {
    let shutdown = CancellationToken::new();
    let limits = WebSocketLimits { grace: Duration::from_secs(3600), ..WebSocketLimits::default() };
    let service =
        |service: RpcServiceBuilder<_>| service.websocket(limits).limits(at_once()).shutdown(shutdown.clone());
    let server = Server::start_with(service).await;
    let mut socket = Socket::open(server.address).await;
    socket.assert_served().await;

    shutdown.cancel();

    assert_eq!(socket.message().await, reconnect());
    socket.assert_served().await;
}

#[tokio::test]
async fn an_old_connection_is_moved() {
    let limits = WebSocketLimits { grace: Duration::from_millis(1), ..WebSocketLimits::default() };
    let server = Server::start_with(|service| {
        service.websocket(limits).limits(Limits { stream_age: Duration::from_millis(1), ..Limits::default() })
    })
    .await;
    let mut socket = Socket::open(server.address).await;

    assert_eq!(socket.message().await, reconnect());
    socket.assert_closed().await;
}

#[tokio::test]
async fn many_events_arrive_whole_and_in_order() {
    let server = start().await;
    let mut socket = Socket::open(server.address).await;
    socket.subscribe(1, "events.count", json!(5000)).await;
    assert_eq!(socket.message().await["result"]["type"], "started");

    for n in 1..=5000 {
        assert_eq!(socket.message().await["result"]["data"]["data"], n);
    }

    assert_eq!(socket.message().await["result"]["type"], "stopped");
}
