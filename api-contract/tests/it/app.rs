//! The product on a database of its own, and the people who use it in process.

use api_contract::{
    AppState, Settings,
    auth::{Register, SignedIn, register},
    router,
    widgets::{CreateWidget, Widget, create},
};
use db::testing::TestDb;
use tintype::{Caller, Context, Cookies, FromContext, Topics};

pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Name of the session cookie on loopback.
const COOKIE: &str = "tintype";

/// The product, ready for calls.
pub(crate) struct App {
    pub(crate) db: TestDb,
    pub(crate) state: AppState,
}

impl App {
    /// With allowances that no test reaches.
    pub(crate) async fn new() -> Self {
        Self::on(Topics::in_process()).await
    }

    /// With events that are carried by a broker of the test's.
    pub(crate) async fn on(topics: Topics) -> Self {
        let many = 100_000;
        let settings = Settings {
            account_attempts: many,
            address_attempts: many,
            address_registrations: many,
            secure_cookies: false,
            ..Settings::default()
        };
        Self::start(topics, settings).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        Self::start(Topics::in_process(), settings).await
    }

    async fn start(topics: Topics, settings: Settings) -> Self {
        let db = TestDb::new().await;
        let state = AppState::new(db.database.clone(), topics, settings);
        Self { db, state }
    }

    /// A caller without a session.
    pub(crate) fn anonymous(&self) -> Caller<AppState> {
        router().caller(Context::builder(self.state.clone()).build())
    }

    /// Registers somebody in a tenant of their own.
    pub(crate) async fn member(&self, email: &str) -> Member {
        let caller = self.anonymous();
        let account = caller.call::<register>(registration(email)).await.unwrap();
        Member { state: self.state.clone(), token: token(&caller).await.unwrap(), account }
    }

    /// The first column of every row, as text.
    pub(crate) async fn look(&self, query: &str) -> Vec<String> {
        self.db.look(query).await
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

/// The token that the calls of `caller` came with or were given.
pub(crate) async fn token(caller: &Caller<AppState>) -> Option<String> {
    Cookies::from_context(caller.context()).await.unwrap().get(COOKIE).filter(|token| !token.is_empty())
}

/// Somebody who is signed in.
pub(crate) struct Member {
    state: AppState,
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

    /// Creates a widget.
    pub(crate) async fn widget(&self, name: &str) -> Widget {
        let input = CreateWidget { name: name.to_owned(), config: None };
        self.caller().call::<create>(input).await.unwrap()
    }
}
