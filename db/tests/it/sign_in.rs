use chrono::{TimeDelta, Utc};
use db::{
    accounts::{self, RegisterError, Role},
    sessions,
    testing::TestDb,
};

use crate::{new_account, register, session};

#[tokio::test(flavor = "multi_thread")]
async fn registering_creates_tenant_owner_and_session() {
    let db = TestDb::new().await;
    let (account, _) = register(&db, "Ada@Example.com", 1).await;

    let active = sessions::find(&db.database.system(), &[1; 32], Utc::now()).await.unwrap().unwrap();

    assert_eq!(active.account, account);
    assert_eq!(account.user.role, Role::Owner);
    assert_eq!(account.user.email, "Ada@Example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_taken_whatever_its_capitals_and_nothing_is_left_behind() {
    let db = TestDb::new().await;
    register(&db, "ada@example.com", 1).await;

    let error = accounts::register(&db.database.system(), new_account("ADA@example.com", 2)).await.unwrap_err();

    assert!(matches!(error, RegisterError::EmailTaken), "{error:?}");
    assert_eq!(db.look("SELECT count(*)::text AS value FROM tenants").await, ["1"]);
    assert_eq!(db.look("SELECT count(*)::text AS value FROM sessions").await, ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_cannot_be_stored_takes_the_account_with_it() {
    let db = TestDb::new().await;
    register(&db, "ada@example.com", 1).await;

    // The token hash is taken.
    accounts::register(&db.database.system(), new_account("grace@example.com", 1)).await.unwrap_err();

    assert_eq!(db.look("SELECT email AS value FROM users").await, ["ada@example.com"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_found_whatever_the_capitals() {
    let db = TestDb::new().await;
    let (account, _) = register(&db, "ada@example.com", 1).await;

    let found = accounts::credentials(&db.database.system(), "ADA@EXAMPLE.COM").await.unwrap().unwrap();

    assert_eq!((found.account, found.password_hash.as_str()), (account, "hash"));
    assert!(accounts::credentials(&db.database.system(), "bob@example.com").await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_at_its_time_unless_it_is_renewed() {
    let db = TestDb::new().await;
    let system = db.database.system();
    register(&db, "ada@example.com", 1).await;
    let credentials = accounts::credentials(&system, "ada@example.com").await.unwrap().unwrap();
    assert!(sessions::create(&system, &credentials, session(2)).await.unwrap());
    let later = Utc::now() + TimeDelta::hours(2);
    let active = sessions::find(&system, &[1; 32], Utc::now()).await.unwrap().unwrap();

    sessions::renew(&system, active.id, later + TimeDelta::hours(1)).await.unwrap();

    assert!(sessions::find(&system, &[1; 32], later).await.unwrap().is_some());
    assert!(sessions::find(&system, &[2; 32], later).await.unwrap().is_none());
    assert_eq!(sessions::delete_expired(&system, later).await.unwrap(), 1);
    let mut tx = system.begin().await.unwrap();
    assert!(sessions::delete(&mut tx, active.id).await.unwrap());
    assert!(!sessions::delete(&mut tx, active.id).await.unwrap());
}
