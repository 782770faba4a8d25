use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

pub struct Widget;

#[mutation(invalidates(Widget))]
pub async fn create() -> Result<u32, Never> {
    Ok(3)
}

fn main() {
    let _: Router<AppState> = router! { [create] };
}
