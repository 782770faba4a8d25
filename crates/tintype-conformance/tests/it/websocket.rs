//! Plays the client's side of a recorded WebSocket exchange.

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use futures_util::{FutureExt, SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Message,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue},
    },
};

use crate::{
    compare,
    http::exchange,
    vectors::{Request, WsVector},
};

/// The longest wait for messages, as the format says.
const PATIENCE: Duration = Duration::from_secs(6);

pub(crate) async fn play(address: SocketAddr, vector: &WsVector) -> Result<(), String> {
    let mut connection = Connection::open(address, vector).await?;
    for (index, step) in vector.steps.iter().enumerate() {
        let result = connection.step(address, &vector.profile, step).await;
        result.map_err(|error| format!("step {index}: {error}"))?;
    }
    Ok(())
}

struct Connection {
    socket: WebSocketStream<TcpStream>,
    /// What came while something else was looked for.
    waiting: VecDeque<Value>,
    is_closed: bool,
}

impl Connection {
    async fn open(address: SocketAddr, vector: &WsVector) -> Result<Self, String> {
        let url = format!("ws://{address}{}", vector.connect.url);
        let mut request = url.into_client_request().map_err(|error| error.to_string())?;
        for (name, value) in &vector.connect.headers {
            let name = HeaderName::try_from(name).map_err(|error| error.to_string())?;
            let value = HeaderValue::try_from(value).map_err(|error| error.to_string())?;
            request.headers_mut().append(name, value);
        }
        let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        let connecting = timeout(PATIENCE, client_async(request, stream)).await;
        let (socket, _) =
            connecting.map_err(|_| "no handshake".to_owned())?.map_err(|error| format!("handshake: {error}"))?;
        Ok(Self { socket, waiting: VecDeque::new(), is_closed: false })
    }

    async fn step(&mut self, address: SocketAddr, profile: &str, step: &Value) -> Result<(), String> {
        let millis = |name: &str| step[name].as_u64().map(Duration::from_millis);
        if let Some(message) = step.get("send") {
            self.send(Message::text(message.to_string())).await
        } else if let Some(text) = step["sendText"].as_str() {
            self.send(Message::text(text)).await
        } else if let Some(base64) = step["sendBinaryBase64"].as_str() {
            self.send(Message::binary(BASE64_STANDARD.decode(base64).map_err(|error| error.to_string())?)).await
        } else if step.get("recv").is_some() {
            self.receive(step).await
        } else if let Some(silence) = millis("silenceMs") {
            match timeout(silence, self.next()).await {
                Err(_) => Ok(()),
                Ok(message) => Err(format!("expected silence, got {message:?}")),
            }
        } else if let Some(time) = millis("drainMs") {
            let draining = async { while self.next().await.is_some() {} };
            // After the end of the connection the rest of the time is waited for, too.
            let _ = timeout(time, draining.then(|()| std::future::pending::<()>())).await;
            Ok(())
        } else if let Some(time) = millis("waitMs") {
            tokio::time::sleep(time).await;
            Ok(())
        } else if step.get("expectClosed").is_some() {
            let time = millis("withinMs").unwrap_or(Duration::from_secs(3));
            match timeout(time, self.next()).await {
                Ok(None) => Ok(()),
                Ok(Some(message)) => Err(format!("expected the end, got {message}")),
                Err(_) => Err("the connection is still open".to_owned()),
            }
        } else if step.get("expectOpen").is_some() {
            self.expect_open()
        } else if step.get("close").is_some() {
            self.socket.close(None).await.map_err(|error| error.to_string())
        } else if let Some(request) = step.get("http") {
            let body = http_json(address, request).await?;
            compare::json(&step["json"], &body, &[], &[])
        } else if let Some(action) = step["control"].as_str() {
            control(address, profile, action).await
        } else {
            Err(format!("unknown step {step}"))
        }
    }

    async fn send(&mut self, message: Message) -> Result<(), String> {
        self.socket.send(message).await.map_err(|error| format!("cannot send: {error}"))
    }

    async fn receive(&mut self, step: &Value) -> Result<(), String> {
        let pointers = |name: &str| -> Vec<String> {
            step[name].as_array().into_iter().flatten().filter_map(|it| Some(it.as_str()?.to_owned())).collect()
        };
        let wanted = step["recv"].as_u64().unwrap_or_default();
        let time = step["withinMs"].as_u64().map_or(PATIENCE, Duration::from_millis);
        let mut found = Vec::new();
        let receiving = async {
            for _ in 0..wanted {
                found.extend(self.next().await);
            }
        };
        let in_time = timeout(time, receiving).await.is_ok();
        if !in_time || found.len() as u64 != wanted {
            return Err(format!("expected {wanted} messages, got {}", compare::short(&Value::Array(found))));
        }
        let mut expected = step["messages"].as_array().cloned().unwrap_or_default();
        if step["unordered"] == true {
            expected.sort_by_key(|message| message["id"].to_string());
            found.sort_by_key(|message| message["id"].to_string());
        }
        compare::json(&Value::Array(expected), &Value::Array(found), &pointers("drop"), &pointers("mask"))
    }

    fn expect_open(&mut self) -> Result<(), String> {
        while let Some(message) = self.read().now_or_never() {
            match message {
                Some(message) => self.waiting.push_back(message),
                None => return Err("the connection is closed".to_owned()),
            }
        }
        Ok(())
    }

    /// The next message; `None` once the connection is closed.
    async fn next(&mut self) -> Option<Value> {
        match self.waiting.pop_front() {
            Some(message) => Some(message),
            None => self.read().await,
        }
    }

    async fn read(&mut self) -> Option<Value> {
        while !self.is_closed {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    return Some(serde_json::from_str(&text).unwrap_or_else(|_| json!({ "$text": text.as_str() })));
                }
                Some(Ok(Message::Binary(bytes))) => return Some(json!({ "$binary": bytes.len() })),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => self.is_closed = true,
            }
        }
        None
    }
}

async fn http_json(address: SocketAddr, request: &Value) -> Result<Value, String> {
    let request: Request = serde_json::from_value(request.clone()).map_err(|error| error.to_string())?;
    let answer = exchange(address, &request, None).await?.ok_or("no answer")?;
    serde_json::from_slice(&answer.body).map_err(|error| error.to_string())
}

async fn control(address: SocketAddr, profile: &str, action: &str) -> Result<(), String> {
    let request = json!({ "method": "POST", "url": format!("/__control/{profile}/{action}") });
    let request: Request = serde_json::from_value(request).map_err(|error| error.to_string())?;
    let answer = exchange(address, &request, None).await?.ok_or("no answer")?;
    if answer.status == 204 { Ok(()) } else { Err(format!("the control endpoint answers {}", answer.status)) }
}
