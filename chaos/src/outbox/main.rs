//! The ledger of the outbox: three servers of the product on one PostgreSQL and one Redis, callers that change widgets,
//! viewers that watch them, faults in a random order, and a judge who knows what PostgreSQL has committed.
//!
//! `cargo xtask chaos --outbox` runs it; `docs/chaos.md` says what it proves.

mod callers;
mod faults;
mod judge;
mod postgres;
mod records;
mod viewers;
mod world;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use tokio::time::{Instant, sleep};

use crate::{
    callers::Callers,
    faults::Fault,
    judge::{Verdict, judge},
    records::{Moment, Records},
    viewers::Viewers,
    world::World,
};

/// Proves by a ledger that every change which PostgreSQL commits is announced once, and no other.
///
/// `cargo xtask chaos --outbox` builds what it needs and names it.
#[derive(Debug, Clone, Parser)]
#[command(name = "chaos-outbox", version)]
pub(crate) struct Options {
    /// The program `tintype-server`.
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) server: PathBuf,

    /// The script that runs the official clients, `chaos/official/clients.mjs`.
    #[arg(long, value_name = "SCRIPT")]
    pub(crate) official: PathBuf,

    /// How long faults go on for.
    #[arg(long, default_value_t = 90)]
    pub(crate) seconds: u64,

    /// Decides which faults happen, in which order and how; a random one by default, which is printed.
    #[arg(long)]
    pub(crate) seed: Option<u64>,

    /// Only this fault; may be given several times.
    #[arg(long, value_enum, value_name = "FAULT")]
    pub(crate) only: Vec<Fault>,

    /// Workspaces, each of which is a topic.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) workspaces: u16,

    /// Callers of each workspace.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) callers: u16,

    /// Viewers of each workspace, every third of which is an official client.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) viewers: u16,

    /// Server processes.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=20))]
    pub(crate) servers: u16,

    /// Longest silence after a fault, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 3.0)]
    pub(crate) continuity_seconds: f64,

    /// What the servers log, to files whose folder is printed when the promise was not kept.
    #[arg(long, default_value = "info")]
    pub(crate) server_log: String,
}

/// A fault that was done, and how long viewers heard nothing new after its end.
#[derive(Debug)]
struct Done {
    fault: Fault,
    ended: Moment,
    /// `None` if somebody had heard nothing when the next fault began.
    silence: Option<Duration>,
}

/// How long viewers may take to hear their first change.
const LISTEN_TIME: Duration = Duration::from_secs(60);

/// How long continuity is waited for after a fault.
const CONTINUITY_TIME: Duration = Duration::from_secs(20);

/// How long everything may take to arrive when nothing fails and nobody calls any more.
const CALM_TIME: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let result = tokio::select! {
        result = run(&options) => result,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\nerror: the ledger could not be kept: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Runs the ledger and prints it; says whether the promise was kept.
async fn run(options: &Options) -> anyhow::Result<bool> {
    let seed = options.seed.unwrap_or_else(|| u64::from(rand::random::<u32>()));
    println!("seed {seed}; the same faults again: cargo xtask chaos --outbox {}", again(options, seed));
    let records = Records::new();
    let mut world = World::start(options).await?;
    let workspaces = world.register(options.workspaces).await?;
    let mut viewers = Viewers::start(options, seed, &world.ports(), &workspaces, &records).await?;
    println!(
        "{} servers, {} workspaces with {} callers and {} viewers each",
        options.servers, options.workspaces, options.callers, options.viewers
    );
    let mut callers = Callers::start(options, seed, &world.ports(), &workspaces, &records)?;
    viewers.everybody_listens(LISTEN_TIME).await?;
    records.everybody_listens();

    let mut random = StdRng::seed_from_u64(seed);
    let faults = if options.only.is_empty() { Fault::all() } else { options.only.clone() };
    let mut due: Vec<Fault> = Vec::new();
    let mut done: Vec<Done> = Vec::new();
    let began = Instant::now();
    // Each fault comes once, however little time there is.
    while began.elapsed() < Duration::from_secs(options.seconds) || done.len() < faults.len() {
        if due.is_empty() {
            due.clone_from(&faults);
            due.shuffle(&mut random);
        }
        let Some(fault) = due.pop() else { continue };
        let server = random.random_range(0..world.servers.len());
        let lasts = Duration::from_millis(random.random_range(fault.lasts_ms()));
        println!("{:7.1} s  {} for {lasts:.1?}", records.now().as_secs_f64(), fault.name());
        world.inflict(fault, server, lasts).await?;
        let ended = records.now();
        sleep(Duration::from_millis(random.random_range(300..1_200))).await;
        while records.now() - ended < CONTINUITY_TIME && records.silence(ended).is_none() {
            sleep(Duration::from_millis(20)).await;
        }
        done.push(Done { fault, ended, silence: records.silence(ended) });
        viewers.check()?;
        callers.check()?;
    }

    callers.stop().await?;
    let began = Instant::now();
    let verdict = loop {
        let verdict = judge(&world.postgres.committed().await?, &records.read());
        let waiting = world.postgres.waiting().await?;
        if verdict.lost.is_empty() && waiting == 0 || began.elapsed() > CALM_TIME {
            break Verdict { waiting, ..verdict };
        }
        sleep(Duration::from_millis(200)).await;
    };
    viewers.check()?;
    println!("{:7.1} s  calm: the last was there after {:.1?}", records.now().as_secs_f64(), began.elapsed());
    let late = late(&done, options);
    let is_kept = verdict.keeps_the_promise() && late.is_empty();
    print_report(&verdict, &done, &late);
    let said = if is_kept { "the promise was kept" } else { "THE PROMISE WAS BROKEN" };
    println!("{said}; seed {seed}, to repeat: cargo xtask chaos --outbox {}", again(options, seed));
    let logs = world.end(is_kept).await?;
    if let Some(logs) = logs {
        println!("the logs of the servers: {}", logs.display());
    }
    Ok(is_kept)
}

fn late(done: &[Done], options: &Options) -> Vec<String> {
    let late = done.iter().filter_map(|Done { fault, ended, silence }| {
        let at = ended.as_secs_f64();
        match silence {
            Some(silence) if silence.as_secs_f64() <= options.continuity_seconds => None,
            Some(silence) => Some(format!("{} at {at:.1} s: continuity after {silence:.2?}", fault.name())),
            None => Some(format!("{} at {at:.1} s: somebody has heard nothing since", fault.name())),
        }
    });
    late.collect()
}

fn print_report(verdict: &Verdict, done: &[Done], late: &[String]) {
    let mut counts = std::collections::BTreeMap::<_, usize>::new();
    done.iter().for_each(|done| *counts.entry(done.fault.name()).or_default() += 1);
    let faults: Vec<String> = counts.iter().map(|(fault, count)| format!("{count} {fault}")).collect();
    let longest = done.iter().filter_map(|done| Some((done.silence?, done.fault))).max();
    let longest = longest.map_or_else(|| "-".to_owned(), |(time, fault)| format!("{time:.2?} ({})", fault.name()));
    let rows = [
        ("faults", format!("{}: {}", done.len(), faults.join(", "))),
        ("calls", verdict.calls.to_string()),
        ("unanswered", format!("{}, of which {} were committed", verdict.unanswered, verdict.unanswered_committed)),
        ("committed changes", verdict.committed.to_string()),
        ("deliveries", verdict.deliveries.to_string()),
        ("lost", verdict.lost.len().to_string()),
        ("twice", verdict.twice.len().to_string()),
        ("in another order than others", verdict.out_of_order.len().to_string()),
        ("announced and not committed", verdict.uncommitted.len().to_string()),
        ("answered and not committed", verdict.undone.len().to_string()),
        ("missed but signalled", format!("{}, by {} gaps", verdict.signalled, verdict.gaps)),
        ("left in the outbox", verdict.waiting.to_string()),
        ("longest silence after a fault", longest),
    ];
    println!();
    for (what, value) in rows {
        println!("{what:<30}  {value}");
    }
    const NAMED: usize = 5;
    for (kind, offences) in verdict.offences() {
        for offence in offences.iter().take(NAMED) {
            println!("{kind}: {offence}");
        }
        if offences.len() > NAMED {
            println!("{kind}: and {} more", offences.len() - NAMED);
        }
    }
    for late in late {
        println!("late: {late}");
    }
}

/// The arguments that make the same run again.
fn again(options: &Options, seed: u64) -> String {
    let Options { seconds, workspaces, callers, viewers, servers, .. } = options;
    let mut arguments = format!(
        "--seed {seed} --seconds {seconds} --workspaces {workspaces} --callers {callers} --viewers {viewers} \
         --servers {servers}"
    );
    for fault in &options.only {
        arguments.push_str(&format!(" --only {}", fault.name()));
    }
    arguments
}
