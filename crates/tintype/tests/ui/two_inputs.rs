use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[query]
pub async fn list(input: u32, _input: u32) -> Result<u32, Never> {
    Ok(input)
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
