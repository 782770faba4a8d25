use std::time::Duration;

use anyhow::bail;
use tokio::time::{Instant, sleep};

use crate::{
    clients::{Crowd, Phase},
    faults::{Fault, Plan, Planned, inflict},
    ledger::{Moment, Recorder, Silence, is_complete, judge, silence},
    options::Options,
    publishers::{Publishers, Unheard},
    report::Report,
    world::World,
};

/// A fault that was done.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) planned: Planned,
    pub(crate) ended: Moment,
    /// When the next one began, or the calm.
    pub(crate) until: Moment,
    /// Whether a calm followed.
    pub(crate) is_last: bool,
}

/// How long clients may take to receive their first message.
const LISTEN_TIME: Duration = Duration::from_secs(60);

/// How long continuity is waited for after the last fault before a calm.
const CONTINUITY_TIME: Duration = Duration::from_secs(20);

/// How long a calm lasts at most, and so how late a message may be at most.
const CALM_TIME: Duration = Duration::from_secs(10);

/// Publishing goes on for so long after a calm has begun: messages come while clients gather.
const GATHERING: Duration = Duration::from_millis(300);

/// Runs the ledger and prints it; says whether the promise was kept.
pub(crate) async fn run(options: Options) -> anyhow::Result<bool> {
    let seed = options.seed.unwrap_or_else(|| u64::from(rand::random::<u32>()));
    println!("seed {seed}; the same faults again: cargo xtask chaos {}", again(&options, seed));
    let is_possible = |fault: &&Fault| fault.is_possible(options.sentinel);
    if let Some(fault) = options.only.iter().find(|fault| !is_possible(fault)) {
        let fix = if options.sentinel { "leave out --sentinel" } else { "add --sentinel" };
        bail!("the fault {} is not possible here: {fix}, or name another", fault.name());
    }
    let mut world = World::start(&options).await?;
    let recorder = Recorder::new();
    let mut crowd = Crowd::start(&options, seed, &world.ports(), &recorder).await?;
    println!("{} servers, {} publishers, {} rooms; {crowd}", options.servers, options.publishers, options.rooms);
    let mut publishers = Publishers::start(&options, seed, &world.ports(), &recorder)?;
    let mut unheard = Unheard::new(&options, &recorder);
    crowd.everybody_listens(LISTEN_TIME).await?;

    let faults = if options.only.is_empty() { Fault::all(options.sentinel) } else { options.only.clone() };
    let mut left = faults.len();
    let mut plan = Plan::new(seed, faults, options.servers.into());
    let mut done: Vec<Done> = Vec::new();
    let storm = Duration::from_secs(options.seconds) / options.calms;
    for calm in 1..=options.calms {
        let began = Instant::now();
        let is_last_storm = calm == options.calms;
        // Each fault comes once, however little time there is.
        while began.elapsed() < storm || is_last_storm && left > 0 || done.last().is_none_or(|done| done.is_last) {
            if let Some(before) = done.last_mut().filter(|done| !done.is_last) {
                before.until = recorder.now();
            }
            let planned = plan.next();
            println!("{:7.1?} s  {}", recorder.now().as_secs_f64(), describe(&planned));
            inflict(&planned, &mut world, &mut crowd, &mut unheard).await?;
            let ended = recorder.now();
            sleep(planned.pause).await;
            world.repair().await;
            done.push(Done { planned, ended, until: Moment::MAX, is_last: false });
            left = left.saturating_sub(1);
            crowd.check()?;
            publishers.check()?;
        }
        if let Some(last) = done.last_mut() {
            let deadline = last.ended + CONTINUITY_TIME;
            while recorder.now() < deadline
                && recorder.read(|history| matches!(silence(history, last.ended, Moment::MAX), Silence::Lasts(_)))
            {
                sleep(Duration::from_millis(50)).await;
            }
            (last.until, last.is_last) = (recorder.now(), true);
        }
        let quota = u64::from(options.messages) * u64::from(calm) / u64::from(options.calms);
        while u64::from(publishers.published()) < quota {
            sleep(Duration::from_millis(20)).await;
            publishers.check()?;
        }

        crowd.tell(Phase::Calm).await?;
        sleep(GATHERING).await;
        publishers.silence().await?;
        let began = Instant::now();
        sleep(GATHERING).await;
        while began.elapsed() < CALM_TIME && !recorder.read(|history| is_complete(history, recorder.now())) {
            sleep(Duration::from_millis(200)).await;
        }
        recorder.calm();
        crowd.check()?;
        println!(
            "{:7.1?} s  calm {calm} of {}: {} messages, the last was there after {:.1?}",
            recorder.now().as_secs_f64(),
            options.calms,
            publishers.published(),
            began.elapsed(),
        );
        if !is_last_storm {
            crowd.tell(Phase::Storm { is_third_away: false }).await?;
            publishers.resume();
        }
    }

    let lasted = recorder.now();
    let (verdict, silences) = recorder.read(|history| {
        let silences = done.iter().map(|done| silence(history, done.ended, done.until)).collect::<Vec<_>>();
        (judge(history), silences)
    });
    let report = Report { seed, lasted, again: again(&options, seed), verdict, done, silences, options };
    println!("\n{report}");
    let is_kept = report.is_kept();
    if !is_kept {
        println!("the logs of the servers: {}", world.keep_logs().display());
    }
    Ok(is_kept)
}

fn describe(planned: &Planned) -> String {
    let Planned { fault, server, lasts, away, .. } = planned;
    let whom = match fault {
        Fault::KillServer | Fault::DrainServer | Fault::PauseServer => format!(" {}", server + 1),
        Fault::CutRedis | Fault::StallRedis | Fault::CutClients | Fault::StallClients => {
            format!(" of server {}", server + 1)
        }
        _ => String::new(),
    };
    let how_long = if lasts.is_zero() { String::new() } else { format!(" for {lasts:.1?}") };
    let away = if away.is_some() { ", while a third of the clients are away" } else { "" };
    format!("{}{whom}{how_long}{away}", fault.name())
}

/// The arguments that make the same run again.
fn again(options: &Options, seed: u64) -> String {
    let Options { seconds, messages, clients, rooms, publishers, servers, backlog_events, calms, .. } = options;
    let mut arguments = format!(
        "--seed {seed} --seconds {seconds} --messages {messages} --clients {clients} --rooms {rooms} \
         --publishers {publishers} --servers {servers} --backlog-events {backlog_events} --calms {calms}"
    );
    if options.sentinel {
        arguments.push_str(" --sentinel");
    }
    for fault in &options.only {
        arguments.push_str(&format!(" --only {}", fault.name()));
    }
    arguments
}
