use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[query]
pub fn list() -> Result<u32, Never> {
    Ok(3)
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
