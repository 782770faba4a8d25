use std::{fmt::Write, fs, path::Path, process::Stdio};

use anyhow::Context;
use clap::ValueEnum;
use tempfile::TempDir;
use tokio::process::Command;

use super::{
    ROOM,
    process::{Running, installed, redis},
};

/// Who serves the rooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Peer {
    /// `bench-server` over Redis.
    Tintype,
    /// `@trpc/server` on Node.js over Redis.
    Trpc,
    /// Nchan, a module of nginx, with its messages in its own memory.
    Nchan,
}

/// A peer that runs.
pub(super) struct Serving {
    pub(super) server: Running,
    /// Which asks for the stream of the room.
    pub(super) subscribe: String,
    /// Where messages are posted.
    pub(super) publish: String,
    _redis: Option<Running>,
}

const TRPC_SERVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fanout/trpc-server.mjs");
const TRPC_PACKAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../node_modules");
const NCHAN_MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";

impl Peer {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Tintype => "tintype, Redis",
            Self::Trpc => "`@trpc/server`, Redis",
            Self::Nchan => "Nchan, one worker",
        }
    }

    /// What is missing for it to run, as a sentence.
    pub(super) fn missing(self) -> Option<String> {
        let (is_there, what) = match self {
            Self::Tintype => (true, ""),
            Self::Trpc => {
                let packages = ["@trpc/server", "ioredis", "zod"];
                let are_there = packages.iter().all(|name| Path::new(TRPC_PACKAGES).join(name).is_dir());
                (are_there && installed("node").is_some(), "`npm ci` installs what it needs beside Node.js")
            }
            Self::Nchan => {
                let is_there = Path::new(NCHAN_MODULE).is_file() && installed("nginx").is_some();
                (is_there, "Debian's packages nginx-light and libnginx-mod-nchan have it")
            }
        };
        (!is_there).then(|| format!("{} is not installed and was left out: {what}.", self.title()))
    }

    /// Starts it; tintype as the build of `bench-server` at `program`, or else as this one.
    pub(super) async fn start(self, program: Option<&Path>) -> anyhow::Result<Serving> {
        let procedures = || {
            // The input is percent-encoded JSON.
            let subscribe = request(&format!("/trpc/chat.subscribe?input=%7B%22room%22%3A%22{ROOM}%22%7D"));
            (subscribe, "/trpc/chat.send".to_owned())
        };
        match self {
            Self::Tintype => {
                let redis = redis().await?;
                let mut command = match program {
                    Some(program) => Command::new(program),
                    None => Command::new(std::env::current_exe()?),
                };
                if program.is_none() {
                    command.arg("fanout-server");
                }
                command.args(["--port", "0", "--redis", &format!("redis://{}", redis.address)]);
                let server = Running::that_prints_its_address(&mut command).await?;
                let (subscribe, publish) = procedures();
                Ok(Serving { server, subscribe, publish, _redis: Some(redis) })
            }
            Self::Trpc => {
                let redis = redis().await?;
                let mut command = Command::new("node");
                command.arg(TRPC_SERVER).arg(format!("redis://{}", redis.address)).env("NODE_ENV", "production");
                let server = Running::that_prints_its_address(&mut command).await?;
                let (subscribe, publish) = procedures();
                Ok(Serving { server, subscribe, publish, _redis: Some(redis) })
            }
            Self::Nchan => {
                let server = Running::on_a_free_port(nginx).await?;
                let publish = format!("/publish?room={ROOM}");
                Ok(Serving { server, subscribe: request(&format!("/subscribe?room={ROOM}")), publish, _redis: None })
            }
        }
    }
}

fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n")
}

fn nginx(port: u16, folder: &TempDir) -> anyhow::Result<Command> {
    let folder = folder.path();
    let mut text = format!("load_module {NCHAN_MODULE};\n");
    if rustix::process::getuid().is_root() {
        // Or else the worker may not enter the folder.
        text.push_str("user root;\n");
    }
    let place = folder.display();
    write!(
        text,
        "daemon off; worker_processes 1; pid {place}/nginx.pid; error_log stderr error;
events {{ worker_connections 30000; }}
http {{
  access_log off; client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/fastcgi;
  uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi; keepalive_requests 1000000; tcp_nodelay on;
  nchan_shared_memory_size 256m;
  server {{
    listen 127.0.0.1:{port};
    location = /subscribe {{
      nchan_subscriber eventsource; nchan_channel_id $arg_room; nchan_subscriber_first_message newest;
    }}
    location = /publish {{ nchan_publisher; nchan_channel_id $arg_room; nchan_message_buffer_length 256; }}
  }}
}}
"
    )?;
    let configuration = folder.join("nginx.conf");
    fs::write(&configuration, text)?;
    let mut command = Command::new(installed("nginx").context("nginx is installed")?);
    command.arg("-p").arg(folder).arg("-c").arg(configuration).arg("-e").arg("stderr").stderr(Stdio::inherit());
    Ok(command)
}
