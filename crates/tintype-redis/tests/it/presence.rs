//! Who is present, when processes and Redis die.

use std::{
    env,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use tintype::Topics;
use tintype_redis::{RedisBroker, RedisOptions, testing::RedisServer};

use crate::broker_suite::{change, until_present, viewers};

/// Names the server to the process that is killed.
const SERVER: &str = "TINTYPE_TEST_REDIS_OF_A_HOLDER";

/// Another process, which does not outlive the test.
struct Holder(Child);

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Topics of one process, whose members vanish `presence` after its death.
fn topics(url: &str, presence: Duration) -> Topics {
    let mut options = RedisOptions::url(url).unwrap();
    options.presence = presence;
    Topics::new(RedisBroker::new(options).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_whose_process_is_killed_vanishes() {
    let presence = Duration::from_secs(1);
    if let Ok(url) = env::var(SERVER) {
        // This is the process that is killed.
        let there = viewers(&topics(&url, presence));
        let _bob = there.enter("bob", 2).await.unwrap();
        return std::future::pending().await;
    }
    let redis = RedisServer::start().await;
    let here = viewers(&topics(&redis.url(), presence));
    let _ada = here.enter("ada", 1).await.unwrap();
    let mut watched = here.watch().into_values().boxed();
    assert_eq!(change(&mut watched).await, "ada");

    let this_test = ["presence::a_member_whose_process_is_killed_vanishes", "--exact", "--nocapture"];
    let mut holder = Command::new(env::current_exe().unwrap());
    holder.args(this_test).env(SERVER, redis.url()).stdout(Stdio::null());
    let holder = Holder(holder.spawn().unwrap());
    assert_eq!(change(&mut watched).await, "+bob");
    // Longer than a member of a dead process stays.
    tokio::time::sleep(presence * 3).await;
    until_present(&here, &["ada", "bob"]).await;
    drop(holder);
    let killed = Instant::now();

    assert_eq!(change(&mut watched).await, "-bob");
    println!("its end was told {:?} after the kill, with a time to live of {presence:?}", killed.elapsed());
    until_present(&here, &["ada"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_watches_is_told_too() {
    let redis = RedisServer::start().await;
    let presence = Duration::from_millis(500);
    let dying = topics(&redis.url(), presence);
    let bob = viewers(&dying).enter("bob", 1).await.unwrap();
    let mut watched = viewers(&topics(&redis.url(), presence)).watch().into_values().boxed();
    assert_eq!(change(&mut watched).await, "bob");

    // Without its connection nobody renews the stay, and nobody ends it.
    drop(dying);
    std::mem::forget(bob);

    assert_eq!(change(&mut watched).await, "-bob");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_present_is_known_again_after_redis_has_lost_everything() {
    let redis = RedisServer::start().await;
    let presence = Duration::from_millis(600);
    let here = viewers(&topics(&redis.url(), presence));
    let there = viewers(&topics(&redis.url(), presence));
    let _ada = here.enter("ada", 1).await.unwrap();

    redis.run(&["FLUSHALL"]).await;

    until_present(&there, &["ada"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_presence_is_left_in_redis() {
    let redis = RedisServer::start().await;
    let here = viewers(&topics(&redis.url(), Duration::from_millis(100)));
    let dying = topics(&redis.url(), Duration::from_millis(100));
    std::mem::forget(viewers(&dying).enter("bob", 1).await.unwrap());
    let ada = here.enter("ada", 1).await.unwrap();
    drop(dying);
    drop(ada);

    let left = async || {
        let keys: Vec<String> = redis::from_redis_value(redis.run(&["KEYS", "*viewers#[usm]*"]).await).unwrap();
        keys.len()
    };
    let deadline = Instant::now() + Duration::from_secs(20);
    while left().await > 0 {
        assert!(Instant::now() < deadline, "keys stay for ever");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
