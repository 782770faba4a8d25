use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[subscription]
pub async fn changed() -> Result<u32, Never> {
    Ok(3)
}

fn main() {
    let _: Router<AppState> = router! { [changed] };
}
