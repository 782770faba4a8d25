use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[query]
pub async fn list() -> u32 {
    3
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
