//! Somebody who is signed in.

use std::net::SocketAddr;

use http::header;
use serde_json::{Value, json};

use crate::client::{Answer, full, mutation, query, send};

pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A signed-in user: their cookie, and where they use it.
pub(crate) struct Account {
    pub(crate) address: SocketAddr,
    pub(crate) cookie: String,
}

impl Account {
    /// Registers in a tenant of its own.
    pub(crate) async fn register(address: SocketAddr, email: &str) -> Self {
        let input = json!({ "email": email, "password": PASSWORD, "tenantName": "Studio" });
        let answer = send(address, mutation("auth.register").body(full(input.to_string())).unwrap()).await;
        assert_eq!(answer.data()["user"]["email"], email);
        Self { address, cookie: cookie_of(&answer) }
    }

    /// Accepts an invitation.
    pub(crate) async fn join(address: SocketAddr, token: &str) -> Self {
        let input = json!({ "token": token, "password": PASSWORD });
        let answer = send(address, mutation("members.accept").body(full(input.to_string())).unwrap()).await;
        answer.data();
        Self { address, cookie: cookie_of(&answer) }
    }

    /// Signs in in another browser.
    pub(crate) async fn sign_in(address: SocketAddr, email: &str) -> Self {
        let input = json!({ "email": email, "password": PASSWORD });
        let answer = send(address, mutation("auth.login").body(full(input.to_string())).unwrap()).await;
        answer.data();
        Self { address, cookie: cookie_of(&answer) }
    }

    /// The same user on another instance.
    pub(crate) fn at(&self, address: SocketAddr) -> Self {
        Self { address, cookie: self.cookie.clone() }
    }

    /// Calls a mutation.
    pub(crate) async fn mutate(&self, path: &str, input: &Value) -> Answer {
        let request = mutation(path).header(header::COOKIE, &self.cookie).body(full(input.to_string()));
        send(self.address, request.unwrap()).await
    }

    /// Calls a query.
    pub(crate) async fn query(&self, path: &str, input: Option<&Value>) -> Answer {
        let request = query(path, input).header(header::COOKIE, &self.cookie).body(full(""));
        send(self.address, request.unwrap()).await
    }
}

/// What the browser would send back: `name=value`.
pub(crate) fn cookie_of(answer: &Answer) -> String {
    let set_cookie = answer.header(header::SET_COOKIE).expect("the answer sets a cookie");
    set_cookie.split(';').next().unwrap().to_owned()
}
