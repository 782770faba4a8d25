//! Money: never more than the limit, and never lost or counted twice.

use std::time::Duration;

use chrono::{Days, Utc};
use db::{
    ReservationId, TenantDb,
    money::{self, Budget, CostQuery, GroupBy, NewReservation, Service, Settlement},
    testing::TestDb,
};
use tokio::task::JoinSet;

use crate::register;

fn call(amount: Option<i64>) -> NewReservation {
    NewReservation {
        user: None,
        session: None,
        run: None,
        service: Service::Chat,
        provider: "test".into(),
        model: if amount.is_some() { "priced" } else { "unpriced" }.into(),
        input_tokens: 1_000,
        output_tokens: 100,
        amount_micro_usd: amount,
        price_version: "of the test".into(),
        lifetime: Duration::from_secs(60),
    }
}

fn cost(amount: Option<i64>) -> Settlement {
    Settlement { input_tokens: 10, cached_tokens: 4, output_tokens: 2, is_estimate: false, cost_micro_usd: amount }
}

async fn reserve(tenant: &TenantDb, amount: Option<i64>) -> Option<ReservationId> {
    let mut tx = tenant.begin().await.unwrap();
    let reserved = money::reserve(&mut tx, call(amount)).await.unwrap();
    tx.commit().await.unwrap();
    reserved.ok()
}

async fn settle(tenant: &TenantDb, id: ReservationId, amount: Option<i64>) -> bool {
    let mut tx = tenant.begin().await.unwrap();
    let settled = money::settle(&mut tx, id, cost(amount)).await.unwrap();
    tx.commit().await.unwrap();
    settled
}

async fn limit(tenant: &TenantDb, limit: Option<i64>) {
    let mut tx = tenant.begin().await.unwrap();
    money::set_limit(&mut tx, limit).await.unwrap();
    tx.commit().await.unwrap();
}

async fn budget(tenant: &TenantDb) -> Budget {
    money::budget(tenant, money::month_of(Utc::now())).await.unwrap()
}

async fn costs(tenant: &TenantDb, by: GroupBy) -> Vec<money::CostGroup> {
    let today = Utc::now().date_naive();
    let query = CostQuery { from: today - Days::new(1), to: today + Days::new(2), by, user: None };
    money::costs(tenant, query).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_costs_what_it_used_and_gives_back_the_rest() {
    let db = TestDb::new().await;
    let (_, tenant) = register(&db, "ada@example.com", 1).await;
    limit(&tenant, Some(1_000)).await;

    let id = reserve(&tenant, Some(900)).await.unwrap();
    assert_eq!((budget(&tenant).await.reserved_micro_usd, reserve(&tenant, Some(101)).await), (900, None));
    assert!(settle(&tenant, id, Some(300)).await);
    assert!(!settle(&tenant, id, Some(300)).await, "a call is settled once");
    let released = reserve(&tenant, Some(700)).await.unwrap();
    let mut tx = tenant.begin().await.unwrap();
    assert!(money::release(&mut tx, released).await.unwrap());
    tx.commit().await.unwrap();

    let expected = Budget { limit_micro_usd: Some(1_000), spent_micro_usd: 300, reserved_micro_usd: 0 };
    assert_eq!(budget(&tenant).await, expected);
    let costs = costs(&tenant, GroupBy::Model).await;
    assert_eq!((costs.len(), costs[0].key.as_str(), costs[0].calls, costs[0].cost_micro_usd), (1, "priced", 1, 300));
    assert_eq!((costs[0].input_tokens, costs[0].cached_tokens, costs[0].output_tokens), (10, 4, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_without_a_price_is_counted_and_not_as_zero() {
    let db = TestDb::new().await;
    let (_, tenant) = register(&db, "ada@example.com", 1).await;

    let id = reserve(&tenant, None).await.unwrap();
    settle(&tenant, id, None).await;

    let costs = costs(&tenant, GroupBy::Model).await;
    assert_eq!((costs[0].calls, costs[0].unpriced_calls, costs[0].cost_micro_usd), (1, 1, 0));
    let stored = db.look("SELECT coalesce(cost_micro_usd::text, 'unknown') AS value FROM cost_events").await;
    assert_eq!(stored, ["unknown"]);
}

/// Calls at the same moment, some of which die at each step; what they leave is settled when it expires.
#[tokio::test(flavor = "multi_thread")]
async fn calls_at_the_same_moment_never_exceed_the_limit_and_their_events_are_what_was_spent() {
    let db = TestDb::new().await;
    for seed in 0..8_u64 {
        let (account, tenant) = register(&db, &format!("{seed}@example.com"), u8::try_from(seed).unwrap() + 1).await;
        let most = 1_000 + i64::try_from(seed).unwrap() * 137;
        limit(&tenant, Some(most)).await;
        let mut calls = JoinSet::new();
        for number in 0..40_u64 {
            let tenant = tenant.clone();
            calls.spawn(async move {
                let dice = (seed * 7_919 + number * 104_729) % 1_000;
                let amount = 20 + i64::try_from(dice).unwrap() % 180;
                let Some(id) = reserve(&tenant, Some(amount)).await else { return };
                let now = budget(&tenant).await;
                assert!(now.spent_micro_usd + now.reserved_micro_usd <= most, "{now:?}");
                match number % 5 {
                    // It dies before it settles.
                    0 => {}
                    // It dies in the middle of settling.
                    1 => {
                        let mut tx = tenant.begin().await.unwrap();
                        money::settle(&mut tx, id, cost(Some(amount / 2))).await.unwrap();
                        drop(tx);
                    }
                    2 => {
                        let mut tx = tenant.begin().await.unwrap();
                        money::release(&mut tx, id).await.unwrap();
                        tx.commit().await.unwrap();
                    }
                    // It is not known whether it got through, so it is tried twice, at the same moment.
                    _ => {
                        let cost = Some(amount - i64::try_from(dice).unwrap() % 20);
                        tokio::join!(settle(&tenant, id, cost), settle(&tenant, id, cost));
                    }
                }
            });
        }
        while let Some(done) = calls.join_next().await {
            done.unwrap();
        }

        let later = Utc::now() + Duration::from_secs(61);
        let expired = money::expired(&db.database.system(), later, 1_000).await.unwrap();
        let own: Vec<_> = expired.into_iter().filter(|left| left.tenant == account.tenant.id).collect();
        assert!(!own.is_empty(), "no call died, so nothing was tried");
        for left in own {
            let mut tx = tenant.begin().await.unwrap();
            assert!(money::settle_in_full(&mut tx, left.id).await.unwrap());
            tx.commit().await.unwrap();
        }
        let end = budget(&tenant).await;
        let events: i64 = costs(&tenant, GroupBy::Service).await.iter().map(|group| group.cost_micro_usd).sum();
        assert_eq!((end.reserved_micro_usd, end.spent_micro_usd), (0, events));
        assert!(end.spent_micro_usd <= most, "{end:?}");
        assert!(end.spent_micro_usd > most / 4, "so few calls got through that the limit was not met: {end:?}");
    }
}
