use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[derive(Type)]
pub struct Page {
    pub limit: u32,
}

#[query]
pub async fn list(input: Page) -> Result<u32, Never> {
    Ok(input.limit)
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
