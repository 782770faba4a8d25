//! The product on a database of its own, and the people who use it in process.

use std::{sync::Arc, time::Duration};

use api_contract::{
    AppState, Settings,
    ai::Ai,
    auth::{Login, Register, SignedIn, UserRole, login, register},
    chat::Runs,
    knowledge::Indexing,
    meetings::Rooms,
    members::{
        Accept, accept,
        invitations::{Invite, Invited, invite},
    },
    router,
    widgets::{CreateWidget, Widget, create},
};
use db::testing::TestDb;
use tintype::{Caller, Context, Cookies, FromContext, Topics};
use tokio::task::AbortHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Name of the session cookie on loopback.
const COOKIE: &str = "tintype";

/// The product, ready for calls.
pub(crate) struct App {
    pub(crate) db: TestDb,
    pub(crate) state: AppState,
    /// Until the app is dropped it writes answers and reads documents.
    _writes: DropGuard,
    stop: CancellationToken,
    works: [AbortHandle; 2],
}

impl App {
    /// With allowances that no test reaches.
    pub(crate) async fn new() -> Self {
        Self::on(Topics::in_process()).await
    }

    /// With events that are carried by a broker of the test's.
    pub(crate) async fn on(topics: Topics) -> Self {
        Self::start(TestDb::new().await, topics, Ai::without_model(), None, generous()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        Self::start(TestDb::new().await, Topics::in_process(), Ai::without_model(), None, settings).await
    }

    /// With models of the test's.
    pub(crate) async fn asking(ai: Ai) -> Self {
        Self::start(TestDb::new().await, Topics::in_process(), ai, None, generous()).await
    }

    /// With a media server of the test's.
    pub(crate) async fn calling(rooms: Arc<dyn Rooms>) -> Self {
        Self::start(TestDb::new().await, Topics::in_process(), Ai::without_model(), Some(rooms), generous()).await
    }

    /// Another instance on the same database and broker.
    pub(crate) async fn another(&self, ai: Ai) -> Self {
        Self::start(self.db.clone(), self.state.topics().clone(), ai, None, generous()).await
    }

    async fn start(db: TestDb, topics: Topics, ai: Ai, rooms: Option<Arc<dyn Rooms>>, settings: Settings) -> Self {
        let state = AppState::new(db.database.clone(), topics, ai, rooms, settings);
        let shutdown = CancellationToken::new();
        let writes = tokio::spawn(Runs::work(state.clone(), shutdown.clone(), Duration::ZERO)).abort_handle();
        let reads = tokio::spawn(Indexing::work(state.clone(), shutdown.clone())).abort_handle();
        Self { db, state, stop: shutdown.clone(), _writes: shutdown.drop_guard(), works: [writes, reads] }
    }

    /// Stops the writing of answers as a server does that is told to stop.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    /// Stops the writing of answers and the reading of documents as the death of the process would.
    pub(crate) fn die(&self) {
        self.works.iter().for_each(AbortHandle::abort);
    }

    /// A caller without a session.
    pub(crate) fn anonymous(&self) -> Caller<AppState> {
        router().caller(Context::builder(self.state.clone()).build())
    }

    /// The next request of the browser that was given a session in the one of `caller`.
    pub(crate) async fn after(&self, caller: &Caller<AppState>) -> Caller<AppState> {
        let cookie = format!("{COOKIE}={}", token(caller).await.unwrap());
        router().caller(Context::builder(self.state.clone()).header("cookie", &cookie).build())
    }

    /// Registers somebody in a tenant of their own.
    pub(crate) async fn member(&self, email: &str) -> Member {
        let caller = self.anonymous();
        let account = caller.call::<register>(registration(email)).await.unwrap();
        Member { state: self.state.clone(), token: token(&caller).await.unwrap(), account }
    }

    /// A member whom an owner has invited to their tenant.
    pub(crate) async fn joined(&self, owner: &Member, email: &str, role: UserRole) -> Member {
        let token = owner.invite(email, role).await.token;
        let caller = self.anonymous();
        let account = caller.call::<accept>(acceptance(&token)).await.unwrap();
        Member { state: self.state.clone(), token: crate::app::token(&caller).await.unwrap(), account }
    }

    /// The first column of every row, as text.
    pub(crate) async fn look(&self, query: &str) -> Vec<String> {
        self.db.look(query).await
    }
}

/// Allowances that no test reaches.
fn generous() -> Settings {
    let many = 100_000;
    Settings {
        account_attempts: many,
        address_attempts: many,
        address_registrations: many,
        secure_cookies: false,
        ..Settings::default()
    }
}

/// What somebody who signs up says.
pub(crate) fn registration(email: &str) -> Register {
    Register {
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
        tenant_name: format!("Studio of {email}"),
        name: None,
    }
}

/// What somebody who accepts an invitation says.
pub(crate) fn acceptance(token: &str) -> Accept {
    Accept { token: token.to_owned(), name: Some("Grace".to_owned()), password: PASSWORD.to_owned() }
}

/// The token that the calls of `caller` came with or were given.
pub(crate) async fn token(caller: &Caller<AppState>) -> Option<String> {
    Cookies::from_context(caller.context()).await.unwrap().get(COOKIE).filter(|token| !token.is_empty())
}

/// Somebody who is signed in.
pub(crate) struct Member {
    pub(crate) state: AppState,
    pub(crate) token: String,
    pub(crate) account: SignedIn,
}

impl Member {
    /// A caller for one request of theirs.
    pub(crate) fn caller(&self) -> Caller<AppState> {
        router().caller(Context::builder(self.state.clone()).header("cookie", &self.cookie()).build())
    }

    /// What their browser sends: `name=value`.
    pub(crate) fn cookie(&self) -> String {
        format!("{COOKIE}={}", self.token)
    }

    /// The same person in another session.
    pub(crate) fn in_session(self, token: String) -> Self {
        Self { token, ..self }
    }

    /// The same person, signed in in another browser.
    pub(crate) async fn elsewhere(&self, app: &App) -> Member {
        let caller = app.anonymous();
        let credentials = Login { email: self.account.user.email.clone(), password: PASSWORD.to_owned() };
        let account = caller.call::<login>(credentials).await.unwrap();
        Member { state: app.state.clone(), token: token(&caller).await.unwrap(), account }
    }

    /// Invites somebody.
    pub(crate) async fn invite(&self, email: &str, role: UserRole) -> Invited {
        self.caller().call::<invite>(Invite { email: email.to_owned(), role }).await.unwrap()
    }

    /// Creates a widget.
    pub(crate) async fn widget(&self, name: &str) -> Widget {
        let input = CreateWidget { name: name.to_owned(), config: None };
        self.caller().call::<create>(input).await.unwrap()
    }
}
