use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[mutation(invalidates(lst))]
pub async fn create() -> Result<u32, Never> {
    Ok(3)
}

fn main() {
    let _: Router<AppState> = router! { [create] };
}
