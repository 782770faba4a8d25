use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

impl AppState {
    #[query]
    pub async fn list(&self) -> Result<u32, Never> {
        Ok(3)
    }
}

fn main() {}
