use std::{
    net::SocketAddr,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use clap::Args;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::load::{Connection, load};

/// How long and how hard to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Rounds; each measures every path once, and medians are shown.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds per path and round.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Connections at the same time.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Widgets in the list.
    #[arg(long, default_value_t = 10)]
    widgets: usize,
}

/// A question, and where it is answered; the first answers are the hand-written ones.
struct Case {
    name: &'static str,
    signed_in: bool,
    paths: [&'static str; 3],
}

const HOSTS: [&str; 3] = ["axum by hand", "procedures", "whole product"];

const CASES: [Case; 3] = [
    Case {
        name: "auth.me, nobody signed in",
        signed_in: false,
        paths: ["/by-hand/nothing", "/procedures/auth.me", "/product/trpc/auth.me"],
    },
    Case {
        name: "auth.me, signed in",
        signed_in: true,
        paths: ["/by-hand/me", "/procedures/auth.me", "/product/trpc/auth.me"],
    },
    Case {
        name: "widgets.list",
        signed_in: true,
        paths: ["/by-hand/widgets", "/procedures/widgets.list", "/product/trpc/widgets.list"],
    },
];

#[derive(Clone, Copy)]
struct Sample {
    /// Requests per second of wall time.
    per_second: f64,
    /// Requests per second of the server's CPU time.
    per_core_second: f64,
}

pub(crate) fn measure(options: &Options) -> anyhow::Result<()> {
    // A thread of its own for each side: the server has the other core.
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run(options))
}

async fn run(options: &Options) -> anyhow::Result<()> {
    let (mut server, address) = start().await?;
    let mut control = Connection::open(address).await?;
    let cookie = prepare(&mut control, options.widgets).await?;
    for case in &CASES {
        // The peers are peers only if they answer the same.
        let cookie = case.signed_in.then_some(cookie.as_str());
        let expected = control.get(case.paths[0], cookie).await?;
        for path in &case.paths[1..] {
            let answer = control.get(path, cookie).await?;
            ensure!(answer == expected, "{path} answers {answer:?}, {} answers {expected:?}", case.paths[0]);
        }
    }

    let mut samples = vec![[const { Vec::<Sample>::new() }; HOSTS.len()]; CASES.len()];
    for round in 1..=options.rounds {
        eprintln!("round {round} of {}", options.rounds);
        for (case, samples) in CASES.iter().zip(&mut samples) {
            for (path, samples) in case.paths.iter().zip(samples) {
                let cookie = case.signed_in.then(|| cookie.clone());
                let time = Duration::from_secs_f64(options.seconds);
                let (started, cpu) = (Instant::now(), cpu_seconds(&mut control).await?);
                let count = load(address, path, cookie, options.connections, started + time).await?;
                let (wall, cpu) = (started.elapsed(), cpu_seconds(&mut control).await? - cpu);
                #[allow(clippy::cast_precision_loss)] // Counts are far below 2^52.
                let count = count as f64;
                samples.push(Sample { per_second: count / wall.as_secs_f64(), per_core_second: count / cpu });
            }
        }
    }
    drop(server.stdin.take());
    server.wait().await?;
    print(&samples);
    Ok(())
}

async fn start() -> anyhow::Result<(Child, SocketAddr)> {
    let mut server = Command::new(std::env::current_exe()?)
        .arg("http-server")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let output = server.stdout.take().context("standard output is piped")?;
    let line = BufReader::new(output).lines().next_line().await?.context("the server to measure did not start")?;
    Ok((server, line.parse()?))
}

/// Signs somebody up who has `widgets` widgets, and returns the cookie.
async fn prepare(control: &mut Connection, widgets: usize) -> anyhow::Result<String> {
    let account = r#"{"email":"bench@example.com","password":"a long password","tenantName":"Bench"}"#;
    let response = control.send("POST", "/procedures/auth.register", None, account).await?;
    let cookie = response.headers().get("set-cookie").and_then(|value| value.to_str().ok());
    let cookie = cookie.and_then(|value| value.split(';').next());
    let cookie = cookie.with_context(|| format!("no session: {:?}", response.body()))?.to_owned();
    for number in 0..widgets {
        let widget = format!(r#"{{"name":"Widget {number}","config":{{"theme":"silver","size":[320,240]}}}}"#);
        let response = control.send("POST", "/procedures/widgets.create", Some(&cookie), &widget).await?;
        ensure!(response.status().is_success(), "no widget: {:?}", response.body());
    }
    Ok(cookie)
}

async fn cpu_seconds(control: &mut Connection) -> anyhow::Result<f64> {
    let nanoseconds = control.get("/cpu-nanoseconds", None).await?;
    Ok(std::str::from_utf8(&nanoseconds)?.parse::<f64>()? / 1e9)
}

fn median(samples: &[Sample], value: impl Fn(&Sample) -> f64) -> f64 {
    let mut values: Vec<f64> = samples.iter().map(value).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn print(samples: &[[Vec<Sample>; HOSTS.len()]]) {
    println!("| question | host | requests/s | requests/s of CPU | against axum by hand |");
    println!("| --- | --- | ---: | ---: | ---: |");
    for (case, samples) in CASES.iter().zip(samples) {
        let base = median(&samples[0], |sample| sample.per_core_second);
        for (host, samples) in HOSTS.iter().zip(samples) {
            let per_second = median(samples, |sample| sample.per_second);
            let per_core_second = median(samples, |sample| sample.per_core_second);
            let ratio = per_core_second / base;
            println!("| {} | {host} | {per_second:.0} | {per_core_second:.0} | {ratio:.2} |", case.name);
        }
    }
}
