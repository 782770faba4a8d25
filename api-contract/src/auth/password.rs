use std::{fmt, sync::Arc};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version, password_hash::phc::PasswordHash,
};
use tokio::sync::{Semaphore, TryAcquireError};

/// Hashes and checks passwords with Argon2id, m = 19 MiB, t = 2, p = 1: the least that OWASP recommends.
///
/// A hash takes about 30 ms of a core, so it runs on a blocking thread, and only so many run at a time.
#[derive(Clone)]
pub struct PasswordHasher {
    argon2: Argon2<'static>,
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// What an unknown account is checked against, so that it costs the same as a known one.
    dummy: Arc<str>,
}

/// Calls that wait for their turn beyond those that run; more are refused.
const QUEUE: usize = 16;

/// Why a password was not hashed or checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HashError {
    /// Too many others wait.
    #[error("too many people sign in at this moment: try again in a few seconds")]
    Busy,
    /// The hash failed, for example because a stored hash is damaged.
    #[error("the password cannot be hashed or checked: {0}")]
    Failed(String),
}

impl PasswordHasher {
    /// A hasher that runs `concurrent` hashes at a time, at least one.
    #[must_use]
    pub fn new(concurrent: usize) -> Self {
        let params = Params::new(19 * 1024, 2, 1, None).expect("within the limits of Argon2");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        // A well-formed hash that no password has; its parameters are those above.
        let dummy = "$argon2id$v=19$m=19456,t=2,p=1$dGludHlwZS1ub2JvZHk$\
                     AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let concurrent = concurrent.max(1);
        Self {
            argon2,
            running: Arc::new(Semaphore::new(concurrent)),
            waiting: Arc::new(Semaphore::new(concurrent + QUEUE)),
            dummy: dummy.into(),
        }
    }

    /// The hash of a password, as a PHC string.
    ///
    /// # Errors
    ///
    /// [`HashError::Busy`] when too many others wait.
    pub async fn hash(&self, password: String) -> Result<String, HashError> {
        self.run(move |argon2| match argon2.hash_password(password.as_bytes()) {
            Ok(hash) => Ok(hash.to_string()),
            Err(error) => Err(HashError::Failed(error.to_string())),
        })
        .await
    }

    /// Whether `password` has the hash; without a hash it does the same work and says no.
    ///
    /// # Errors
    ///
    /// [`HashError::Busy`] when too many others wait.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, HashError> {
        let known = hash.is_some();
        let hash = hash.map_or_else(|| Arc::clone(&self.dummy), Arc::from);
        self.run(move |argon2| {
            let hash = PasswordHash::new(&hash).map_err(|error| HashError::Failed(error.to_string()))?;
            Ok(argon2.verify_password(password.as_bytes(), &hash).is_ok() && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let waiting = match Arc::clone(&self.waiting).try_acquire_owned() {
            Ok(permit) => permit,
            Err(TryAcquireError::NoPermits | TryAcquireError::Closed) => return Err(HashError::Busy),
        };
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| HashError::Busy)?;
        let argon2 = self.argon2.clone();
        let hashed = tokio::task::spawn_blocking(move || {
            // Held by the work and not by the caller, who may go away while it goes on.
            let _permits = (waiting, running);
            work(&argon2)
        });
        hashed.await.map_err(|error| HashError::Failed(error.to_string()))?
    }
}

impl fmt::Debug for PasswordHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordHasher").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_verifies() {
        let hasher = PasswordHasher::new(1);
        let hash = hasher.hash("correct horse".to_owned()).await.unwrap();

        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.verify("correct horse".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("wrong horse".to_owned(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_account_is_checked_and_refused() {
        assert!(!PasswordHasher::new(1).verify("anything".to_owned(), None).await.unwrap());
    }
}
