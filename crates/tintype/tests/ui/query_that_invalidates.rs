use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[query]
pub async fn list() -> Result<u32, Never> {
    Ok(3)
}

#[query(invalidates(list))]
pub async fn count() -> Result<u32, Never> {
    Ok(3)
}

fn main() {
    let _: Router<AppState> = router! { [list, count] };
}
