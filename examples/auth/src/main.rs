//! Sign-in with a session in a cookie; what a procedure asks for is what its caller must prove.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tintype::{
    Cookies, ErrorCode, Failure, FromContext,
    cookie::{Cookie, SameSite},
    prelude::*,
    typescript::{Bindings, Options},
};
use tintype_axum::RpcService;

/// Who is signed in, by the secret in the cookie. A real application stores a hash of it, with an end.
#[derive(Clone, Default)]
struct AppState {
    sessions: Arc<Mutex<HashMap<String, String>>>,
}

impl AppState {
    fn sessions(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of the cookie; over HTTPS, call it `__Host-session` and make it `secure`.
const SESSION: &str = "session";

/// Proof that the caller is signed in: it cannot be made otherwise.
struct SignedIn {
    name: String,
}

impl FromContext<AppState> for SignedIn {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        let secret = Cookies::from_context(cx).await?.get(SESSION);
        let name = secret.and_then(|secret| cx.state().sessions().get(&secret).cloned());
        name.map(|name| Self { name }).ok_or_else(|| Failure::new(ErrorCode::Unauthorized, "sign in first"))
    }
}

/// Who wants to sign in.
#[derive(Deserialize, Type)]
struct SignIn {
    name: String,
    password: String,
}

/// Why somebody was not signed in.
#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
enum SignInError {
    /// Name or password is wrong; which of them, nobody is told.
    #[error("name or password is wrong")]
    #[code(UNAUTHORIZED)]
    WrongPassword,
}

/// Signs somebody in.
#[mutation]
async fn sign_in(state: State<AppState>, cookies: Cookies, input: SignIn) -> Result<String, SignInError> {
    // A real application compares with an Argon2 hash.
    if (input.name.as_str(), input.password.as_str()) != ("ada", "correct horse") {
        return Err(SignInError::WrongPassword);
    }
    let secret = format!("{:032x}", rand::random::<u128>());
    state.0.sessions().insert(secret.clone(), input.name.clone());
    let cookie = Cookie::build((SESSION, secret)).path("/").http_only(true).same_site(SameSite::Lax);
    cookies.set(cookie.build());
    Ok(input.name)
}

/// Who is calling. It takes `SignedIn`, so nobody else can call it, and the check cannot be forgotten.
#[query]
async fn me(caller: SignedIn) -> Result<String, Never> {
    Ok(caller.name)
}

/// Signs the caller out.
#[mutation]
async fn sign_out(_caller: SignedIn, state: State<AppState>, cookies: Cookies) -> Result<(), Never> {
    if let Some(secret) = cookies.get(SESSION) {
        state.0.sessions().remove(&secret);
    }
    cookies.remove(Cookie::build(SESSION).path("/").build());
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let router: Router<AppState> = router! { [sign_in, me, sign_out] };
    let generated = concat!(env!("CARGO_MANIFEST_DIR"), "/generated");
    Bindings::generate(&router, &Options::default())?.write_to(generated.as_ref())?;
    let app = axum::Router::new().nest_service("/trpc", RpcService::builder(router, AppState::default()).build()?);
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    axum::serve(tokio::net::TcpListener::bind(address).await?, app).await?;
    Ok(())
}
