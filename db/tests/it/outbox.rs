//! Events that wait for their transaction, and for whoever publishes them.

use std::{collections::HashMap, time::Duration};

use db::{
    DbError, OutboxId, SystemDb, TenantDb, Transaction,
    outbox::{self, OutboxEvent},
    testing::TestDb,
    widgets,
};
use tokio::task::JoinSet;

use crate::{create, register};

fn event(topic: &str) -> OutboxEvent {
    OutboxEvent {
        id: OutboxId::generate(),
        topic: topic.to_owned(),
        payload: b"{}".to_vec(),
        kept_events: Some(1024),
        kept_ms: None,
    }
}

async fn keep(tx: &mut Transaction<TenantDb>, event: &OutboxEvent) -> Result<(), DbError> {
    let tenant = tx.tenant_id();
    outbox::keep(tx, tenant, event).await
}

/// Everything that waits, as one process after the other would get it.
async fn waiting(system: &SystemDb) -> Vec<OutboxEvent> {
    let mut tx = system.begin().await.unwrap();
    let waiting = outbox::take(&mut tx, &[], Duration::ZERO, 1000).await.unwrap();
    waiting.into_iter().map(|waiting| waiting.event).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_waits_if_its_transaction_commits_and_not_otherwise() {
    let db = TestDb::new().await;
    let (_, red) = register(&db, "red@example.com", 1).await;
    let (_, blue) = register(&db, "blue@example.com", 2).await;
    let (first, second) = (event("red:widgets"), event("blue:widgets"));

    for (tenant, event) in [(&red, &first), (&blue, &second)] {
        let mut tx = tenant.begin().await.unwrap();
        keep(&mut tx, event).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = red.begin().await.unwrap();
    keep(&mut tx, &event("red:rolled-back")).await.unwrap();
    tx.roll_back().await;
    let mut tx = red.begin().await.unwrap();
    keep(&mut tx, &event("red:dropped")).await.unwrap();
    drop(tx);

    assert_eq!(waiting(&db.database.system()).await, [first, second]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_cannot_be_committed_after_a_statement_that_failed() {
    let db = TestDb::new().await;
    let (_, tenant) = register(&db, "ada@example.com", 1).await;
    let clock = create(&tenant, "clock").await;
    let twice = event("ada:widgets");

    let mut tx = tenant.begin().await.unwrap();
    assert!(widgets::delete(&mut tx, clock.id).await.unwrap());
    keep(&mut tx, &twice).await.unwrap();
    let swallowed = keep(&mut tx, &twice).await;
    let committed = tx.commit().await;

    assert!(matches!(swallowed, Err(DbError::Duplicate { .. })), "{swallowed:?}");
    assert!(matches!(committed, Err(DbError::Aborted)), "{committed:?}");
    assert_eq!(waiting(&db.database.system()).await, []);
    assert_eq!(widgets::newest_first(&tenant, None, 50).await.unwrap().items, [clock]);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_taken_in_order_when_they_are_old_enough_and_not_of_topics_that_are_left_out() {
    let db = TestDb::new().await;
    let system = db.database.system();
    let (_, tenant) = register(&db, "ada@example.com", 1).await;
    let events: Vec<OutboxEvent> = (0..5).map(|n| event(&format!("ada:{n}"))).collect();
    for event in events.iter().rev() {
        let mut tx = tenant.begin().await.unwrap();
        keep(&mut tx, event).await.unwrap();
        tx.commit().await.unwrap();
    }
    db.run_sql("UPDATE outbox SET created_at = now() - interval '1 minute' WHERE topic <> 'ada:3'").await.unwrap();

    let mut tx = system.begin().await.unwrap();
    let age = Duration::from_secs(50);
    let first = outbox::take(&mut tx, &[], age, 2).await.unwrap();
    let others = outbox::take(&mut tx, &["ada:0".to_owned(), "ada:2".to_owned()], age, 10).await.unwrap();

    let topics = |page: &[outbox::WaitingEvent]| -> Vec<String> {
        page.iter().map(|waiting| waiting.event.topic.clone()).collect()
    };
    assert_eq!(topics(&first), ["ada:0", "ada:1"]);
    assert_eq!(topics(&others), ["ada:1", "ada:4"]);
    assert!((60..90).contains(&first[0].age.as_secs()), "{:?}", first[0].age);
}

/// Without idempotency keys: what keeps sweepers apart is the lock.
#[tokio::test(flavor = "multi_thread")]
async fn processes_that_take_at_the_same_time_get_each_event_once() {
    let db = TestDb::new().await;
    let (_, tenant) = register(&db, "ada@example.com", 1).await;
    let mut tx = tenant.begin().await.unwrap();
    for n in 0..400 {
        keep(&mut tx, &event(&format!("ada:{n}"))).await.unwrap();
    }
    tx.commit().await.unwrap();

    let mut processes = JoinSet::new();
    for _ in 0..4 {
        let system = db.database.system();
        processes.spawn(async move {
            let mut taken = Vec::new();
            loop {
                let mut tx = system.begin().await.unwrap();
                let page = outbox::take(&mut tx, &[], Duration::ZERO, 7).await.unwrap();
                if page.is_empty() {
                    return taken;
                }
                // Publishing takes a moment, in which the others look.
                tokio::task::yield_now().await;
                let ids: Vec<OutboxId> = page.iter().map(|waiting| waiting.event.id).collect();
                outbox::delete(&mut tx, &ids).await.unwrap();
                tx.commit().await.unwrap();
                taken.extend(ids);
            }
        });
    }

    let mut times: HashMap<OutboxId, usize> = HashMap::new();
    let mut busy = 0;
    for taken in processes.join_all().await {
        busy += usize::from(!taken.is_empty());
        for id in taken {
            *times.entry(id).or_default() += 1;
        }
    }
    assert_eq!((times.len(), times.values().max()), (400, Some(&1)));
    assert!(busy > 1, "only one process took anything, so nothing was shared");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_of_a_tenant_go_with_it() {
    let db = TestDb::new().await;
    let (account, tenant) = register(&db, "ada@example.com", 1).await;
    let mut tx = tenant.begin().await.unwrap();
    keep(&mut tx, &event("ada:widgets")).await.unwrap();
    tx.commit().await.unwrap();

    db.run_sql(&format!("DELETE FROM tenants WHERE id = '{}'", account.tenant.id)).await.unwrap();

    assert_eq!(waiting(&db.database.system()).await, []);
}
