use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[query]
pub async fn list() -> impl Sized {
    Ok::<_, Never>(3)
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
