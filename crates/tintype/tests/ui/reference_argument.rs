use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[query]
pub async fn list(state: &State<AppState>) -> Result<u32, Never> {
    let _ = state;
    Ok(3)
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
