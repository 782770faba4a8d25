use api_contract::auth::{Login, LoginError, RegisterError, UserRole, login, me, register};
use serde_json::json;
use tintype::{CallError, ErrorCode, ProcedureError};

use crate::{
    app::{App, PASSWORD, registration, token},
    wire::Wire,
};

fn credentials(email: &str, password: &str) -> Login {
    Login { email: email.to_owned(), password: password.to_owned() }
}

/// How many rows each of the account tables has.
async fn counts(app: &App) -> Vec<String> {
    app.look(
        "SELECT format('%s tenants, %s users, %s sessions', (SELECT count(*) FROM tenants),
                (SELECT count(*) FROM users), (SELECT count(*) FROM sessions)) AS value",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_creates_a_tenant_with_its_owner_and_signs_in() {
    let app = App::new().await;
    let caller = app.anonymous();
    let mut input = registration("Ada@Example.com");
    input.tenant_name = "  Studio  ".to_owned();
    input.name = Some(" Ada ".to_owned());

    let registered = caller.call::<register>(input).await.unwrap();

    assert_eq!((registered.user.email.as_str(), registered.user.name.as_deref()), ("Ada@Example.com", Some("Ada")));
    assert_eq!((registered.user.role, registered.tenant.name.as_str()), (UserRole::Owner, "Studio"));
    assert!(token(&caller).await.is_some());
    assert_eq!(caller.call::<me>(()).await.unwrap(), Some(registered));
    assert_eq!(counts(&app).await, ["1 tenants, 1 users, 1 sessions"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_empty_is_said_at_its_field() {
    let app = App::new().await;
    let wire = Wire::new(&app);
    let empty = |field: &str, message: &str| json!({ "path": [field], "code": "constraint", "message": message });

    let login = wire.mutate("auth.login", &json!({ "email": "", "password": "" })).await;
    assert_eq!(
        login.error()["validation"],
        json!([empty("email", "must not be empty"), empty("password", "must not be empty")])
    );
    let blank = json!({ "email": "ada@example.com", "password": PASSWORD, "tenantName": "  ", "name": " " });
    let register = wire.mutate("auth.register", &blank).await;
    assert_eq!(
        register.error()["validation"],
        json!([empty("name", "must not be blank"), empty("tenantName", "must not be blank")])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_address_leaves_nothing_half_written() {
    let app = App::new().await;
    app.member("ada@example.com").await;
    let caller = app.anonymous();

    let error = caller.call::<register>(registration("ADA@example.com")).await.unwrap_err();

    assert_eq!(error.code(), ErrorCode::Conflict);
    let CallError::Procedure(RegisterError::EmailTaken { email }) = error else { panic!("{error}") };
    assert_eq!(email, "ADA@example.com");
    assert_eq!(token(&caller).await, None);
    assert_eq!(counts(&app).await, ["1 tenants, 1 users, 1 sessions"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn registrations_at_the_same_moment_leave_one_account() {
    let app = App::new().await;

    let attempts = (0..4).map(|_| {
        let caller = app.anonymous();
        tokio::spawn(async move { caller.call::<register>(registration("ada@example.com")).await })
    });
    let mut registered = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(_) => registered += 1,
            Err(error) => assert_eq!(error.code(), ErrorCode::Conflict, "{error}"),
        }
    }

    assert_eq!(registered, 1);
    assert_eq!(counts(&app).await, ["1 tenants, 1 users, 1 sessions"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_works_whatever_the_capitals_of_the_address() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let caller = app.anonymous();

    let signed_in = caller.call::<login>(credentials("ADA@example.com", PASSWORD)).await.unwrap();

    assert_eq!(signed_in, ada.account);
    let second = token(&caller).await.unwrap();
    assert_ne!(second, ada.token);
    assert_eq!(ada.caller().call::<me>(()).await.unwrap(), Some(signed_in), "the first browser stays signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_address_and_a_wrong_password_get_the_same_answer() {
    let app = App::new().await;
    app.member("ada@example.com").await;
    let wire = Wire::new(&app);
    let guess = |email: &str| json!({ "email": email, "password": "wrong horse battery staple" });

    let wrong_password = wire.mutate("auth.login", &guess("ada@example.com")).await;
    let unknown_address = wire.mutate("auth.login", &guess("bob@example.com")).await;

    assert_eq!(wrong_password.error()["error"], json!({ "kind": "INVALID_CREDENTIALS" }));
    assert_eq!(wrong_password.json, unknown_address.json);
    assert_eq!(wrong_password.headers, unknown_address.headers);
    assert_eq!(wrong_password.status, unknown_address.status);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sign_in_begins_no_session() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let caller = ada.caller();

    let error = caller.call::<login>(credentials("ada@example.com", "wrong horse")).await.unwrap_err();

    assert!(matches!(error, CallError::Procedure(LoginError::InvalidCredentials)), "{error}");
    assert_eq!(counts(&app).await, ["1 tenants, 1 users, 1 sessions"]);
    assert_eq!(ada.caller().call::<me>(()).await.unwrap(), Some(ada.account), "and ends none");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_signed_in_without_a_cookie() {
    assert_eq!(App::new().await.anonymous().call::<me>(()).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_and_no_debug_output_holds_the_password_or_its_hash() {
    let app = App::new().await;
    let wire = Wire::new(&app);
    let input = json!({ "email": "ada@example.com", "password": PASSWORD, "tenantName": "Studio" });

    let registered = wire.mutate("auth.register", &input).await;
    let signed_in = wire.mutate("auth.login", &input).await;
    let cookie = signed_in.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let seen = wire.header("cookie", &cookie).query("auth.me", None).await;

    let hash = app.look("SELECT password_hash AS value FROM users").await.remove(0);
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    let outputs = [
        format!("{registered:?}"),
        format!("{signed_in:?}"),
        format!("{seen:?}"),
        format!("{:?}", registration("ada@example.com")),
        format!("{:?}", credentials("ada@example.com", PASSWORD)),
        format!("{:?}", app.state),
    ];
    assert_eq!(seen.json["result"]["data"]["user"]["email"], "ada@example.com");
    for output in outputs {
        assert!(!output.contains(&hash) && !output.contains(PASSWORD), "{output}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_hash_is_an_unexpected_error_that_shows_nothing() {
    let app = App::new().await;
    app.member("ada@example.com").await;
    app.db.run_sql("UPDATE users SET password_hash = 'damaged'").await.unwrap();

    let error = app.anonymous().call::<login>(credentials("ada@example.com", PASSWORD)).await.unwrap_err();

    let CallError::Procedure(error @ LoginError::Hash(_)) = error else { panic!("{error}") };
    let failure = error.into_failure();
    assert_eq!(failure.code(), ErrorCode::InternalServerError);
    assert!(failure.log_id().is_some() && !failure.message().contains("damaged"), "{failure}");
}
