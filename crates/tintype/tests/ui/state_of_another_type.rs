use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[query]
pub async fn list(number: State<u32>) -> Result<u32, Never> {
    Ok(number.0)
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
