use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[mutation]
pub async fn list() {}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
