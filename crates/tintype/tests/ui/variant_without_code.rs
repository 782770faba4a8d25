use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[derive(Debug, thiserror::Error, serde::Serialize, Type, ProcedureError)]
#[serde(tag = "kind")]
pub enum ListError {
    #[error("nothing there")]
    Nothing,
}

#[query]
pub async fn list() -> Result<u32, ListError> {
    Err(ListError::Nothing)
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
