use serde::{Deserialize, Serialize};
use tintype::prelude::*;

/// Whom to greet.
#[derive(Debug, Serialize, Deserialize, Type)]
pub struct Echo {
    /// The name that comes back.
    pub name: String,
}

/// The name that was sent.
#[derive(Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Hello {
    /// The name.
    pub hello: String,
}

/// Says the name that it is told.
#[query]
pub async fn echo(input: Echo) -> Result<Hello, Never> {
    Ok(Hello { hello: input.name })
}
