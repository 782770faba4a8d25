use std::time::Duration;

use anyhow::Context;
use tintype::TopicKey;
use tokio::time::sleep;

use super::{Fault, Planned};
use crate::{
    clients::{Crowd, Phase},
    publishers::Unheard,
    world::{Group, World},
};

/// What Redis forgets in a rollback and in a failover.
const FORGOTTEN: Duration = Duration::from_millis(300);

/// Entries that a trimmed stream keeps.
const TRIMMED: usize = 5;

/// Does what is planned; it is over when this returns.
pub(crate) async fn inflict(
    planned: &Planned,
    world: &mut World,
    crowd: &mut Crowd,
    unheard: &mut Unheard,
) -> anyhow::Result<()> {
    let Some(away) = planned.away else { return hurt(planned, world, unheard).await };
    crowd.tell(Phase::Storm { is_third_away: true }).await?;
    hurt(planned, world, unheard).await?;
    sleep(away).await;
    crowd.tell(Phase::Storm { is_third_away: false }).await
}

async fn hurt(planned: &Planned, world: &mut World, unheard: &mut Unheard) -> anyhow::Result<()> {
    let Planned { fault, server, lasts, .. } = *planned;
    let World { redis, group, servers, rooms, .. } = world;
    let server = servers.get_mut(server).context("the plan names a server that there is")?;
    match fault {
        Fault::KillServer => {
            server.kill().await?;
            sleep(lasts).await;
            server.restart().await?;
        }
        Fault::DrainServer => {
            server.drain().await?;
            sleep(lasts).await;
            server.restart().await?;
        }
        Fault::PauseServer => {
            server.pause()?;
            sleep(lasts).await;
            server.resume()?;
        }
        Fault::KillRedis => {
            redis.kill();
            sleep(lasts).await;
            redis.restart().await;
        }
        Fault::PauseRedis => {
            redis.pause();
            sleep(lasts).await;
            redis.resume();
        }
        Fault::KillPubsub => {
            for _ in 0..3 {
                redis.run(&["CLIENT", "KILL", "TYPE", "pubsub"]).await;
                sleep(Duration::from_millis(150)).await;
            }
        }
        Fault::CutRedis => server.redis.cut(),
        Fault::StallRedis => server.redis.stall(),
        Fault::CutClients => server.front.cut(),
        Fault::StallClients => {
            server.front.stall();
            sleep(lasts).await;
        }
        Fault::Flush => {
            redis.run(&["FLUSHALL"]).await;
        }
        Fault::EmptyRedis => {
            redis.kill();
            sleep(lasts).await;
            redis.restart_empty().await;
        }
        Fault::Rollback => {
            redis.kill_and_forget(FORGOTTEN).await;
            redis.restart().await;
        }
        Fault::Failover => {
            let group = group.as_mut().context("there is no replica to fail over to")?;
            let Group { sentinel, replica, .. } = group;
            // What the master says from now on does not reach the replica.
            replica.pause();
            redis.run(&["CLIENT", "KILL", "TYPE", "replica"]).await;
            sleep(FORGOTTEN).await;
            redis.kill();
            replica.resume();
            sentinel.replaced_by(replica).await;
            std::mem::swap(redis, replica);
            group.replica_is_away = true;
        }
        Fault::Unheard => {
            for message in unheard.next() {
                let room = TopicKey::new("chat", &[message.room()])?;
                redis.append_unheard("tt", &room, &message.json()?).await;
                message.acknowledged();
            }
        }
        Fault::Trim => {
            // First there must be something that is missed by who is away.
            sleep(lasts).await;
            for room in 0..*rooms {
                redis.trim("tt", &TopicKey::new("chat", &[&crate::room_name(room)])?, TRIMMED).await;
            }
        }
    }
    Ok(())
}
