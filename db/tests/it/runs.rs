//! Who writes an answer: one instance at a time, and none that is dead.

use std::time::Duration;

use db::{
    ChatSessionId, InstanceId, RunId, TenantDb, UserId,
    chat::{
        messages::{self, Author, From, NewMessage},
        runs::{self, NewRun, Progress, Run, RunEnd, RunState},
        sessions,
    },
    money::{self, NewReservation, Service},
    testing::TestDb,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::register;

const LEASE: Duration = Duration::from_secs(60);
const DONE: RunEnd = RunEnd { state: RunState::Done, reason: None };

async fn conversation(tenant: &TenantDb) -> ChatSessionId {
    let mut tx = tenant.begin().await.unwrap();
    let session = sessions::create(&mut tx, "Talk").await.unwrap();
    tx.commit().await.unwrap();
    session.id
}

async fn ask(tenant: &TenantDb, session: ChatSessionId, user: UserId) -> Run {
    let mut tx = tenant.begin().await.unwrap();
    let author = Some(Author { id: user, name: "Ada".into() });
    let from = From::User { author, client_message_id: Uuid::now_v7() };
    let question = NewMessage { session, content: "When?".into(), from };
    let question = messages::add(&mut tx, question).await.unwrap().unwrap();
    let id = RunId::generate();
    let call = NewReservation {
        user: Some(user),
        session: Some(session),
        run: Some(id),
        service: Service::Chat,
        provider: "test".into(),
        model: "small".into(),
        input_tokens: 1,
        output_tokens: 1,
        amount_micro_usd: Some(1),
        price_version: "of the test".into(),
        lifetime: Duration::ZERO,
    };
    let reservation = money::reserve(&mut tx, call).await.unwrap().unwrap();
    let new = NewRun {
        id,
        session,
        question: question.id,
        asked_by: user,
        provider: "test".into(),
        model: "small".into(),
        model_reason: "it is small".into(),
        reservation,
    };
    let run = runs::queue(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    run
}

async fn end(tenant: &TenantDb, id: RunId, owner: InstanceId) -> bool {
    let mut tx = tenant.begin().await.unwrap();
    let ended = runs::end(&mut tx, id, Some(owner), DONE).await.unwrap();
    tx.commit().await.unwrap();
    ended
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_take_each_run_once_and_those_of_a_conversation_one_after_the_other() {
    let db = TestDb::new().await;
    let (account, tenant) = register(&db, "ada@example.com", 1).await;
    let mut asked = Vec::new();
    for _ in 0..6 {
        let session = conversation(&tenant).await;
        for _ in 0..3 {
            asked.push(ask(&tenant, session, account.user.id).await.id);
        }
    }

    let mut instances = JoinSet::new();
    for _ in 0..4 {
        let (system, tenant, owner) = (db.database.system(), tenant.clone(), InstanceId::generate());
        instances.spawn(async move {
            let mut taken = Vec::new();
            let mut idle = 0;
            while idle < 20 {
                let runs = runs::claim(&system, owner, LEASE, 2).await.unwrap();
                idle = if runs.is_empty() { idle + 1 } else { 0 };
                for run in runs {
                    assert!(end(&tenant, run.id, owner).await);
                    taken.push(run.id);
                }
            }
            taken
        });
    }

    let mut taken: Vec<RunId> = instances.join_all().await.into_iter().flatten().collect();
    taken.sort_unstable();
    asked.sort_unstable();
    assert_eq!(taken, asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_belongs_to_who_saved_it_last_in_time() {
    let db = TestDb::new().await;
    let system = db.database.system();
    let (account, tenant) = register(&db, "ada@example.com", 1).await;
    let session = conversation(&tenant).await;
    let run = ask(&tenant, session, account.user.id).await;
    let (first, second) = (InstanceId::generate(), InstanceId::generate());
    let progress = |text: Option<&str>| {
        vec![Progress { run: run.id, text: text.map(str::to_owned), text_cursor: text.map(|_| "7-0".to_owned()) }]
    };
    assert_eq!(runs::claim(&system, first, LEASE, 10).await.unwrap().len(), 1);
    assert_eq!(runs::save(&system, first, LEASE, progress(Some("Once"))).await.unwrap().len(), 1);
    assert_eq!(runs::save(&system, first, LEASE, progress(None)).await.unwrap().len(), 1);
    assert!(runs::take_over(&system, second, LEASE, 10).await.unwrap().is_empty());
    // A reservation whose time is over stays as long as its run is not.
    assert_eq!(money::expired(&system, chrono::Utc::now() + LEASE, 10).await.unwrap(), []);

    db.run_sql("UPDATE runs SET lease_until = now() - interval '1 second'").await.unwrap();
    let taken = runs::take_over(&system, second, LEASE, 10).await.unwrap();

    assert_eq!((taken.len(), taken[0].text.as_str(), taken[0].text_cursor.as_deref()), (1, "Once", Some("7-0")));
    assert!(runs::save(&system, first, LEASE, progress(Some("Once upon"))).await.unwrap().is_empty());
    assert!(!end(&tenant, run.id, first).await, "it is the second one's now");
    assert!(end(&tenant, run.id, second).await);
    assert!(!end(&tenant, run.id, second).await, "it is over");
    assert_eq!(money::expired(&system, chrono::Utc::now() + LEASE, 10).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_have_numbers_without_holes_whoever_adds_them() {
    let db = TestDb::new().await;
    let (account, tenant) = register(&db, "ada@example.com", 1).await;
    let session = conversation(&tenant).await;
    let mut senders = JoinSet::new();
    for number in 0..20 {
        let (tenant, user) = (tenant.clone(), account.user.id);
        senders.spawn(async move {
            let mut tx = tenant.begin().await.unwrap();
            let from =
                From::User { author: Some(Author { id: user, name: "Ada".into() }), client_message_id: Uuid::now_v7() };
            let new = NewMessage { session, content: number.to_string(), from };
            messages::add(&mut tx, new).await.unwrap().unwrap();
            // Every third one is taken back.
            if number % 3 == 0 { tx.roll_back().await } else { tx.commit().await.unwrap() }
        });
    }
    senders.join_all().await;

    let latest = messages::page(&tenant, session, None, 5).await.unwrap().unwrap();
    let older = messages::page(&tenant, session, latest.before, 50).await.unwrap().unwrap();

    let numbers: Vec<i64> = older.items.iter().chain(&latest.items).map(|message| message.seq).collect();
    assert_eq!(numbers, (1..=13).collect::<Vec<i64>>());
    assert_eq!((latest.items.len(), older.before), (5, None));
}
