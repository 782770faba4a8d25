use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[derive(serde::Deserialize, Type)]
pub struct Page {
    pub limit: u32,
}

#[query]
pub async fn list(inptu: Page) -> Result<u32, Never> {
    Ok(inptu.limit)
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
