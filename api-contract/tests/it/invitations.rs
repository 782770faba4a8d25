//! Invitations: one link, one member, until it expires or an owner changes their mind.

use api_contract::{
    Settings,
    auth::{Login, UserRole, login, me},
    members::{
        AcceptError, accept,
        invitations::{
            Invitation, InvitationError, Invite, Invited, Preview, PreviewError, RevokeInvitation, invite, list,
            preview, revoke,
        },
    },
};
use db::InvitationId;
use serde_json::json;
use tintype::{CallError, ErrorCode};
use uuid::Uuid;

use crate::{
    app::{App, Member, PASSWORD, acceptance, token},
    wire::Wire,
};

impl Member {
    async fn try_invite(&self, email: &str) -> Result<Invited, CallError<InvitationError>> {
        self.caller().call::<invite>(Invite { email: email.to_owned(), role: UserRole::Member }).await
    }

    async fn invitations(&self) -> Vec<Invitation> {
        self.caller().call::<list>(()).await.unwrap()
    }

    async fn revoke(&self, id: InvitationId) -> Result<bool, CallError<InvitationError>> {
        self.caller().call::<revoke>(RevokeInvitation { id }).await.map(|done| done.success)
    }
}

async fn look_at(app: &App, token: &str) -> Result<String, PreviewError> {
    match app.anonymous().call::<preview>(Preview { token: token.to_owned() }).await {
        Ok(preview) => Ok(format!("{} as {:?} in {}", preview.email, preview.role, preview.tenant_name)),
        Err(CallError::Procedure(error)) => Err(error),
        Err(other) => panic!("{other}"),
    }
}

/// Why an invitation is not accepted, also by somebody who is signed in elsewhere.
async fn refusal(app: &App, token: &str) -> AcceptError {
    match app.anonymous().call::<accept>(acceptance(token)).await.unwrap_err() {
        CallError::Procedure(error) => error,
        other => panic!("{other}"),
    }
}

async fn emails(app: &App) -> Vec<String> {
    app.look("SELECT email AS value FROM users ORDER BY created_at, id").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_looked_at_accepted_once_and_signs_in() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let invited = ada.invite("Grace@Example.com", UserRole::Member).await;
    assert_eq!(ada.invitations().await, std::slice::from_ref(&invited.invitation));
    let seen = look_at(&app, &invited.token).await.unwrap();
    assert_eq!(seen, "Grace@Example.com as Member in Studio of ada@example.com");

    let caller = app.anonymous();
    let mut input = acceptance(&invited.token);
    input.name = Some("  Grace ".to_owned());
    let joined = caller.call::<accept>(input).await.unwrap();

    assert_eq!((joined.user.email.as_str(), joined.user.name.as_deref()), ("Grace@Example.com", Some("Grace")));
    assert_eq!((joined.user.role, &joined.tenant), (UserRole::Member, &ada.account.tenant));
    let grace = app.after(&caller).await;
    assert_eq!(grace.call::<me>(()).await.unwrap(), Some(joined));
    assert_eq!(ada.invitations().await, []);
    assert!(matches!(look_at(&app, &invited.token).await, Err(PreviewError::InvitationUsed)));
    assert!(matches!(refusal(&app, &invited.token).await, AcceptError::InvitationUsed));
    let credentials = Login { email: "grace@example.com".to_owned(), password: PASSWORD.to_owned() };
    app.anonymous().call::<login>(credentials).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_is_said_once_and_kept_nowhere() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let wire = Wire::new(&app).header("cookie", &ada.cookie());
    let mut heard = wire.subscribe("members.changed", None).await;
    heard.position().await;

    let invited = ada.invite("grace@example.com", UserRole::Member).await;

    assert_eq!(invited.token.len(), 64);
    let listed = wire.query("members.invitations.list", None).await.json.to_string();
    let stored = app.look("SELECT invitations::text AS value FROM invitations").await.remove(0);
    let waits = app.look("SELECT encode(payload, 'escape') AS value FROM outbox").await.join(" ");
    let event = heard.event().await.0.to_string();
    for text in [listed, stored, waits, event, format!("{invited:?}"), format!("{:?}", acceptance(&invited.token))] {
        assert!(!text.contains(&invited.token), "{text}");
    }
    // Nor does it belong into a URL, which is logged on its way.
    let in_url = wire.query("members.invitations.preview", Some(&json!({ "token": invited.token }))).await;
    assert_eq!(in_url.error()["code"], "METHOD_NOT_SUPPORTED", "{:?}", in_url.json);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unknown_expired_or_revoked_is_told_apart_and_creates_nobody() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let revoked = ada.invite("a@example.com", UserRole::Member).await;
    ada.revoke(revoked.invitation.id).await.unwrap();
    let expired = ada.invite("b@example.com", UserRole::Member).await;
    app.db.run_sql("UPDATE invitations SET expires_at = now() WHERE email = 'b@example.com'").await.unwrap();

    assert!(matches!(look_at(&app, &revoked.token).await, Err(PreviewError::InvitationRevoked)));
    assert!(matches!(refusal(&app, &revoked.token).await, AcceptError::InvitationRevoked));
    assert!(matches!(look_at(&app, &expired.token).await, Err(PreviewError::InvitationExpired)));
    assert!(matches!(refusal(&app, &expired.token).await, AcceptError::InvitationExpired));
    for unknown in ["x", &"0".repeat(64), &revoked.token[1..], &ada.token, &revoked.token.to_uppercase()] {
        assert!(matches!(look_at(&app, unknown).await, Err(PreviewError::InvitationUnknown)), "{unknown}");
        assert!(matches!(refusal(&app, unknown).await, AcceptError::InvitationUnknown), "{unknown}");
    }
    assert_eq!(ada.invitations().await, []);
    assert_eq!(emails(&app).await, ["ada@example.com"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_input_says_the_account_has_the_address_that_was_invited() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let token = ada.invite("grace@example.com", UserRole::Member).await.token;
    let input = json!({
        "token": token, "password": PASSWORD,
        "email": "mallory@example.com", "role": "owner", "tenantId": Uuid::now_v7(),
    });

    let answer = Wire::new(&app).mutate("members.accept", &input).await;

    let user = &answer.json["result"]["data"]["user"];
    assert_eq!(
        (&user["email"], &user["role"], &user["name"]),
        (&json!("grace@example.com"), &json!("member"), &json!(null))
    );
    assert_eq!(emails(&app).await, ["ada@example.com", "grace@example.com"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_with_an_account_elsewhere_stays_where_it_is() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let token = ada.invite("bob@example.com", UserRole::Owner).await.token;
    let bob = app.member("BOB@example.com").await;

    let caller = bob.caller();
    let error = caller.call::<accept>(acceptance(&token)).await.unwrap_err();

    assert_eq!(error.code(), ErrorCode::Conflict);
    let CallError::Procedure(AcceptError::EmailTaken { email }) = error else { panic!("{error}") };
    assert_eq!(email, "bob@example.com");
    assert_eq!(bob.caller().call::<me>(()).await.unwrap(), Some(bob.account), "and stays signed in");
    // Nothing was used up.
    look_at(&app, &token).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_accepts_in_a_browser_with_a_session_leaves_none_behind() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let bob = app.member("bob@example.com").await;
    let invited = ada.invite("bob.second@example.com", UserRole::Member).await;

    let caller = bob.caller();
    let joined = caller.call::<accept>(acceptance(&invited.token)).await.unwrap();

    assert_eq!(joined.tenant, ada.account.tenant);
    assert_eq!(bob.caller().call::<me>(()).await.unwrap(), None);
    let now = bob.in_session(token(&caller).await.unwrap());
    assert_eq!(now.caller().call::<me>(()).await.unwrap(), Some(joined));
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_not_invited_and_a_second_invitation_replaces_the_first() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    app.joined(&ada, "grace@example.com", UserRole::Member).await;

    let error = ada.try_invite("GRACE@example.com").await.unwrap_err();
    assert!(matches!(error, CallError::Procedure(InvitationError::AlreadyMember { .. })), "{error}");

    let first = ada.invite("linus@example.com", UserRole::Member).await;
    let second = ada.invite("LINUS@example.com", UserRole::Owner).await;
    assert!(matches!(look_at(&app, &first.token).await, Err(PreviewError::InvitationRevoked)));
    assert!(look_at(&app, &second.token).await.is_ok());
    assert_eq!(ada.invitations().await, [second.invitation]);
}

#[tokio::test(flavor = "multi_thread")]
async fn open_invitations_are_limited_and_neither_used_nor_expired_ones_count() {
    let settings = Settings { open_invitations: 2, secure_cookies: false, ..Settings::default() };
    let app = App::with(settings).await;
    let ada = app.member("ada@example.com").await;
    app.joined(&ada, "grace@example.com", UserRole::Member).await;
    let first = ada.invite("a@example.com", UserRole::Member).await;
    ada.invite("b@example.com", UserRole::Member).await;

    let error = ada.try_invite("c@example.com").await.unwrap_err();
    let CallError::Procedure(InvitationError::TooManyInvitations { limit }) = error else { panic!("{error}") };
    assert_eq!(limit, 2);
    // The same address again is not one more.
    ada.try_invite("b@example.com").await.unwrap();
    // Nor do those of another workspace count.
    app.member("bob@example.com").await.try_invite("c@example.com").await.unwrap();
    ada.revoke(first.invitation.id).await.unwrap();
    ada.try_invite("c@example.com").await.unwrap();
    app.db.run_sql("UPDATE invitations SET expires_at = now()").await.unwrap();
    ada.try_invite("d@example.com").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_invitations_at_the_same_moment_stay_within_the_limit() {
    let settings = Settings { open_invitations: 3, secure_cookies: false, ..Settings::default() };
    let app = App::with(settings).await;
    let ada = app.member("ada@example.com").await;

    let held = app.db.hold("LOCK TABLE invitations IN SHARE MODE").await;
    let calls: Vec<_> = (0..4)
        .map(|n| {
            let caller = ada.caller();
            let input = Invite { email: format!("{n}@example.com"), role: UserRole::Member };
            tokio::spawn(async move { caller.call::<invite>(input).await.is_ok() })
        })
        .collect();
    held.waiting(4).await;
    held.release().await;
    for call in calls {
        call.await.unwrap();
    }

    assert_eq!(ada.invitations().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_open_invitation_of_the_own_workspace_is_revoked() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let bob = app.member("bob@example.com").await;
    let open = ada.invite("a@example.com", UserRole::Member).await;
    let used = ada.invite("b@example.com", UserRole::Member).await;
    app.anonymous().call::<accept>(acceptance(&used.token)).await.unwrap();

    for id in [open.invitation.id, InvitationId::from(Uuid::now_v7())] {
        let error = bob.revoke(id).await.unwrap_err();
        let said = (error.code(), error.to_string());
        assert_eq!(said, (ErrorCode::NotFound, format!("no open invitation {id} in this workspace")));
    }
    let error = ada.revoke(used.invitation.id).await.unwrap_err();
    assert!(matches!(error, CallError::Procedure(InvitationError::InvitationUsed { .. })), "{error}");
    assert!(ada.revoke(open.invitation.id).await.unwrap());
    let error = ada.revoke(open.invitation.id).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_said_at_its_field() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let wire = Wire::new(&app).header("cookie", &ada.cookie());
    let token = ada.invite("grace@example.com", UserRole::Member).await.token;
    let fields = |answer: &crate::wire::Answer| {
        let issues = answer.error()["validation"].as_array().unwrap_or_else(|| panic!("{:?}", answer.json)).clone();
        issues.iter().map(|issue| issue["path"][0].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };

    for email in ["", "grace", "grace@", &format!("grace@{}com", "x.".repeat(124))] {
        let answer = wire.mutate("members.invite", &json!({ "email": email, "role": "member" })).await;
        assert_eq!(fields(&answer), ["email"], "{email}");
    }
    let answer = wire.mutate("members.invite", &json!({ "email": "a@example.com", "role": "admin" })).await;
    assert_eq!(fields(&answer), ["role"]);
    let weak = json!({ "token": token, "name": " ", "password": "1234567" });
    assert_eq!(fields(&wire.mutate("members.accept", &weak).await), ["name", "password"]);
    let long = json!({ "token": token, "name": "x".repeat(121), "password": "x".repeat(129) });
    assert_eq!(fields(&wire.mutate("members.accept", &long).await), ["name", "password"]);
    assert_eq!(emails(&app).await, ["ada@example.com"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_counts_as_registering() {
    let settings = Settings { address_registrations: 1, secure_cookies: false, ..Settings::default() };
    let app = App::with(settings).await;
    let ada = app.member("ada@example.com").await;
    let token = ada.invite("grace@example.com", UserRole::Member).await.token;
    let guess = json!({ "token": "0".repeat(64), "password": PASSWORD });
    let here = Wire::new(&app).address([192, 0, 2, 1]);

    assert_eq!(here.mutate("members.accept", &guess).await.error()["error"]["kind"], "INVITATION_UNKNOWN");
    let right = json!({ "token": token, "password": PASSWORD });
    let refused = here.mutate("members.accept", &right).await;
    assert_eq!(refused.error()["error"]["kind"], "TOO_MANY_ATTEMPTS", "{:?}", refused.json);
    assert_eq!(Wire::new(&app).address([192, 0, 2, 2]).mutate("members.accept", &right).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_accept_at_the_same_moment_are_one_member() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let token = ada.invite("grace@example.com", UserRole::Member).await.token;

    let held = app.db.hold("SELECT FROM invitations FOR UPDATE").await;
    let calls = [(); 2].map(|()| {
        let (caller, input) = (app.anonymous(), acceptance(&token));
        tokio::spawn(async move { caller.call::<accept>(input).await.map(drop) })
    });
    held.waiting(2).await;
    held.release().await;
    let mut refused = Vec::new();
    for call in calls {
        refused.extend(call.await.unwrap().err());
    }

    assert!(matches!(refused[..], [CallError::Procedure(AcceptError::InvitationUsed)]), "{refused:?}");
    assert_eq!(emails(&app).await, ["ada@example.com", "grace@example.com"]);
    assert_eq!(app.look("SELECT count(*)::text AS value FROM sessions").await, ["2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_and_revoking_at_the_same_moment_does_one_of_them() {
    for accepts_first in [true, false] {
        let app = App::new().await;
        let ada = app.member("ada@example.com").await;
        let Invited { invitation, token } = ada.invite("grace@example.com", UserRole::Member).await;

        let held = app.db.hold("SELECT FROM invitations FOR UPDATE").await;
        let (joining, input) = (app.anonymous(), acceptance(&token));
        let (revoking, id) = (ada.caller(), invitation.id);
        let join = async move { joining.call::<accept>(input).await.map(drop) };
        let take_back = async move { revoking.call::<revoke>(RevokeInvitation { id }).await.map(drop) };
        let (accepted, revoked) = if accepts_first {
            let join = tokio::spawn(join);
            held.waiting(1).await;
            (join, tokio::spawn(take_back))
        } else {
            let take_back = tokio::spawn(take_back);
            held.waiting(1).await;
            (tokio::spawn(join), take_back)
        };
        held.waiting(2).await;
        held.release().await;
        let (accepted, revoked) = (accepted.await.unwrap(), revoked.await.unwrap());

        if accepts_first {
            accepted.unwrap();
            let error = revoked.unwrap_err();
            assert!(matches!(error, CallError::Procedure(InvitationError::InvitationUsed { .. })), "{error:?}");
            assert_eq!(emails(&app).await, ["ada@example.com", "grace@example.com"]);
        } else {
            revoked.unwrap();
            let error = accepted.unwrap_err();
            assert!(matches!(error, CallError::Procedure(AcceptError::InvitationRevoked)), "{error:?}");
            assert_eq!(emails(&app).await, ["ada@example.com"]);
        }
    }
}
