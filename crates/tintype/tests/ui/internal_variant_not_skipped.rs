use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[derive(Debug, thiserror::Error, serde::Serialize, Type, ProcedureError)]
#[serde(tag = "kind")]
pub enum ListError {
    #[error("the numbers are away")]
    #[internal]
    Storage(String),
}

#[query]
pub async fn list() -> Result<u32, ListError> {
    Err(ListError::Storage("disk".to_owned()))
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
