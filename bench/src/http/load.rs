//! The load: connections that send a request as soon as the answer to the one before is there.

use std::{net::SocketAddr, time::Instant};

use anyhow::{Context, ensure};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinSet};

/// One keep-alive connection.
pub(crate) struct Connection(SendRequest<Full<Bytes>>);

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let socket = TcpStream::connect(address).await?;
        socket.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(socket)).await?;
        tokio::spawn(connection);
        Ok(Self(sender))
    }

    pub(crate) async fn send(
        &mut self,
        method: &str,
        path: &str,
        cookie: Option<&str>,
        body: &str,
    ) -> anyhow::Result<Response<Bytes>> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        self.0.ready().await?;
        let response = self.0.send_request(request.body(Full::from(body.to_owned()))?).await?;
        let (head, body) = response.into_parts();
        Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
    }

    pub(super) async fn get(&mut self, path: &str, cookie: Option<&str>) -> anyhow::Result<Bytes> {
        let response = self.send("GET", path, cookie, "").await?;
        ensure!(response.status() == StatusCode::OK, "{path} answered {}: {:?}", response.status(), response.body());
        Ok(response.into_body())
    }
}

/// Asks for `path` until `deadline` over `connections` connections, and returns how often it was answered.
pub(super) async fn load(
    address: SocketAddr,
    path: &'static str,
    cookie: Option<String>,
    connections: usize,
    deadline: Instant,
) -> anyhow::Result<u64> {
    let mut tasks = JoinSet::new();
    for _ in 0..connections {
        let cookie = cookie.clone();
        tasks.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut count = 0_u64;
            while Instant::now() < deadline {
                connection.get(path, cookie.as_deref()).await?;
                count += 1;
            }
            anyhow::Ok(count)
        });
    }
    let mut total = 0;
    while let Some(count) = tasks.join_next().await {
        total += count.context("a connection of the load panicked")??;
    }
    Ok(total)
}
