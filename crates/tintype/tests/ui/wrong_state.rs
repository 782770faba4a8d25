use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[derive(Clone)]
pub struct OtherState;

#[query]
pub async fn list() -> Result<u32, Never> {
    Ok(3)
}

#[query(state = OtherState)]
pub async fn count() -> Result<u32, Never> {
    Ok(3)
}

fn main() {
    let _: Router<AppState> = router! { [list, count] };
}
