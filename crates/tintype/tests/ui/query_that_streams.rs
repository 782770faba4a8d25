use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[query]
pub async fn list() -> Result<Subscription<u32>, Never> {
    Ok(Subscription::tracked(futures_util::stream::empty()))
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
