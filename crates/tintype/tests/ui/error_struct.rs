use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[derive(Debug, thiserror::Error, serde::Serialize, Type, ProcedureError)]
#[error("nothing there")]
pub struct ListError {
    pub kind: String,
}

#[query]
pub async fn list() -> Result<u32, ListError> {
    Err(ListError { kind: "nothing".to_owned() })
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
