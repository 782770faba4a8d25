//! Who belongs to a workspace: roles, removal, and what a workspace must never be without.

use api_contract::{
    auth::{UserRole, me},
    members::{MemberError, MemberEvent, RemoveMember, SetRole, changed, invitations, list, remove, set_role},
};
use db::UserId;
use futures_util::StreamExt;
use serde_json::json;
use tintype::{CallError, ErrorCode};
use uuid::Uuid;

use crate::{
    app::{App, Member},
    wire::Wire,
};

impl Member {
    fn id(&self) -> UserId {
        self.account.user.id
    }

    async fn give(&self, to: &Member, role: UserRole) -> Result<UserRole, CallError<MemberError>> {
        let changed = self.caller().call::<set_role>(SetRole { id: to.id(), role }).await;
        changed.map(|user| user.role)
    }

    async fn remove(&self, whom: &Member) -> Result<bool, CallError<MemberError>> {
        self.caller().call::<remove>(RemoveMember { id: whom.id() }).await.map(|done| done.success)
    }
}

/// Name and role of every user, in the order in which they came.
async fn roles(app: &App) -> Vec<String> {
    app.look("SELECT split_part(email, '@', 1) || ': ' || role AS value FROM users ORDER BY created_at, id").await
}

fn wire(app: &App, member: &Member) -> Wire {
    Wire::new(app).header("cookie", &member.cookie())
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, CallError<MemberError>>) -> MemberError {
    match result.unwrap_err() {
        CallError::Procedure(error) => error,
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_list_each_other_and_owners_alone_change_them() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let grace = app.joined(&ada, "grace@example.com", UserRole::Member).await;
    let listed = vec![ada.account.user.clone(), grace.account.user.clone()];

    for member in [&ada, &grace] {
        assert_eq!(member.caller().call::<list>(()).await.unwrap(), listed);
    }
    let refused = grace.give(&grace, UserRole::Owner).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden, "{refused}");
    let refused = grace.remove(&ada).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden, "{refused}");
    let refused = grace.caller().call::<invitations::list>(()).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Forbidden, "{refused}");
    assert_eq!(roles(&app).await, ["ada: owner", "grace: member"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_holds_from_the_next_call_on_and_everybody_hears_of_it() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let grace = app.joined(&ada, "grace@example.com", UserRole::Member).await;
    let mut heard = wire(&app, &grace).subscribe("members.changed", None).await;
    heard.position().await;

    assert_eq!(ada.give(&grace, UserRole::Owner).await.unwrap(), UserRole::Owner);

    let (event, _) = heard.event().await;
    assert_eq!((&event["kind"], &event["member"]["role"]), (&json!("changed"), &json!("owner")));
    assert_eq!(grace.caller().call::<me>(()).await.unwrap().unwrap().user.role, UserRole::Owner);
    // The one who made her an owner can go back to being a member, because she is one.
    assert_eq!(ada.give(&ada, UserRole::Member).await.unwrap(), UserRole::Member);
    assert_eq!(ada.give(&grace, UserRole::Member).await.unwrap_err().code(), ErrorCode::Forbidden);
    assert_eq!(roles(&app).await, ["ada: member", "grace: owner"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_is_never_without_an_owner() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    app.joined(&ada, "grace@example.com", UserRole::Member).await;

    assert!(matches!(refused(ada.give(&ada, UserRole::Member).await), MemberError::LastOwner));
    assert!(matches!(refused(ada.remove(&ada).await), MemberError::LastOwner));
    // What she is already may be said again.
    assert_eq!(ada.give(&ada, UserRole::Owner).await.unwrap(), UserRole::Owner);

    assert_eq!(roles(&app).await, ["ada: owner", "grace: member"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_removes_themselves() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    app.joined(&ada, "grace@example.com", UserRole::Owner).await;

    assert!(matches!(refused(ada.remove(&ada).await), MemberError::OwnRemoval));
    assert_eq!(roles(&app).await, ["ada: owner", "grace: owner"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_member_is_out_at_once_and_what_they_made_stays() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let grace = app.joined(&ada, "grace@example.com", UserRole::Member).await;
    let on_the_phone = grace.elsewhere(&app).await;
    grace.widget("of grace").await;
    let mut streams = Vec::new();
    for member in [&grace, &on_the_phone, &ada] {
        for path in ["widgets.changed", "members.changed"] {
            let mut stream = wire(&app, member).subscribe(path, None).await;
            stream.position().await;
            streams.push(stream);
        }
    }

    assert!(ada.remove(&grace).await.unwrap());

    let (of_grace, of_ada) = streams.split_at_mut(4);
    for stream in of_grace {
        assert_eq!(stream.failure_after_events().await, "UNAUTHORIZED");
    }
    assert_eq!(of_ada[1].event().await.0, json!({ "kind": "removed", "id": grace.id() }));
    assert!(of_ada[0].is_silent());
    assert_eq!(grace.caller().call::<me>(()).await.unwrap(), None);
    assert_eq!(app.look("SELECT name AS value FROM widgets").await, ["of grace"]);
    // The address is free again.
    let again = app.member("grace@example.com").await;
    assert_ne!(again.account.tenant.id, ada.account.tenant.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_owner_any_more_leaves_no_invitations_behind() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let grace = app.joined(&ada, "grace@example.com", UserRole::Owner).await;
    let linus = app.joined(&ada, "linus@example.com", UserRole::Owner).await;
    let invited =
        [grace.invite("a@example.com", UserRole::Owner).await, linus.invite("b@example.com", UserRole::Owner).await];
    let kept = ada.invite("c@example.com", UserRole::Member).await;

    ada.remove(&grace).await.unwrap();
    ada.give(&linus, UserRole::Member).await.unwrap();

    for invited in invited {
        let preview = invitations::Preview { token: invited.token };
        let error = app.anonymous().call::<invitations::preview>(preview).await.unwrap_err();
        assert!(matches!(error, CallError::Procedure(invitations::PreviewError::InvitationRevoked)), "{error}");
    }
    assert_eq!(ada.caller().call::<invitations::list>(()).await.unwrap(), [kept.invitation]);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_of_another_workspace_do_not_exist() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let bob = app.member("bob@example.com").await;
    let nobody = UserId::from(Uuid::now_v7());

    for id in [bob.id(), nobody] {
        let error = ada.caller().call::<remove>(RemoveMember { id }).await.unwrap_err();
        assert_eq!(
            (error.code(), error.to_string()),
            (ErrorCode::NotFound, format!("no member {id} in this workspace"))
        );
        let error = ada.caller().call::<set_role>(SetRole { id, role: UserRole::Member }).await.unwrap_err();
        assert_eq!(
            (error.code(), error.to_string()),
            (ErrorCode::NotFound, format!("no member {id} in this workspace"))
        );
    }
    assert_eq!(roles(&app).await, ["ada: owner", "bob: owner"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_who_demote_each_other_leave_one() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let grace = app.joined(&ada, "grace@example.com", UserRole::Owner).await;

    // Whoever is past every check waits before the change.
    let held = app.db.hold("LOCK TABLE invitations IN SHARE MODE").await;
    let (mine, theirs) =
        (SetRole { id: grace.id(), role: UserRole::Member }, SetRole { id: ada.id(), role: UserRole::Member });
    let (of_ada, of_grace) = (ada.caller(), grace.caller());
    let calls = [
        tokio::spawn(async move { of_ada.call::<set_role>(mine).await.is_ok() }),
        tokio::spawn(async move { of_grace.call::<set_role>(theirs).await.is_ok() }),
    ];
    held.waiting(2).await;
    held.release().await;
    let [first, second] = calls;

    assert_ne!(first.await.unwrap(), second.await.unwrap(), "one of them was an owner no more");
    let owners = app.look("SELECT email AS value FROM users WHERE role = 'owner'").await;
    assert_eq!(owners.len(), 1, "{owners:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_who_remove_each_other_leave_one() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let grace = app.joined(&ada, "grace@example.com", UserRole::Owner).await;

    let held = app.db.hold("SELECT FROM users FOR UPDATE").await;
    let (mine, theirs) = (RemoveMember { id: grace.id() }, RemoveMember { id: ada.id() });
    let (of_ada, of_grace) = (ada.caller(), grace.caller());
    let calls = [
        tokio::spawn(async move { of_ada.call::<remove>(mine).await.map(drop) }),
        tokio::spawn(async move { of_grace.call::<remove>(theirs).await.map(drop) }),
    ];
    held.waiting(2).await;
    held.release().await;
    let [first, second] = calls;
    let results = [first.await.unwrap(), second.await.unwrap()];

    let refused: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    assert!(matches!(refused[..], [CallError::Procedure(MemberError::NotOwner)]), "{refused:?}");
    assert_eq!(app.look("SELECT role AS value FROM users").await, ["owner"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_who_is_demoted_meanwhile_changes_nothing_more() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let grace = app.joined(&ada, "grace@example.com", UserRole::Owner).await;
    let linus = app.joined(&ada, "linus@example.com", UserRole::Member).await;

    let held = app.db.hold("SELECT FROM tenants FOR UPDATE").await;
    let demotion = SetRole { id: grace.id(), role: UserRole::Member };
    let (of_ada, of_grace, id) = (ada.caller(), grace.caller(), linus.id());
    let demotion = tokio::spawn(async move { of_ada.call::<set_role>(demotion).await });
    held.waiting(1).await;
    // She asked as an owner, and waits behind her demotion.
    let promotion = tokio::spawn(async move { of_grace.call::<set_role>(SetRole { id, role: UserRole::Owner }).await });
    held.waiting(2).await;
    held.release().await;

    demotion.await.unwrap().unwrap();
    let error = promotion.await.unwrap().unwrap_err();
    assert!(matches!(error, CallError::Procedure(MemberError::NotOwner)), "{error}");
    assert_eq!(roles(&app).await, ["ada: owner", "grace: member", "linus: member"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_process_a_subscriber_hears_who_joins() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let mut events = Box::pin(ada.caller().call::<changed>(()).await.unwrap().into_values());
    let joining = async {
        // A subscription begins when it is first polled.
        tokio::task::yield_now().await;
        app.joined(&ada, "grace@example.com", UserRole::Member).await
    };

    let (invited, grace) = tokio::join!(events.next(), joining);

    assert_eq!(invited.unwrap().unwrap(), MemberEvent::InvitationsChanged);
    assert_eq!(events.next().await.unwrap().unwrap(), MemberEvent::Joined { member: grace.account.user });
}
