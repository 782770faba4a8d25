use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[query]
pub async fn list(state: impl Send) -> Result<u32, Never> {
    drop(state);
    Ok(3)
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
