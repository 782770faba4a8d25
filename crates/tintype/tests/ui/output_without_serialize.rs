use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[derive(Type)]
pub struct Page {
    pub limit: u32,
}

#[query]
pub async fn list() -> Result<Page, Never> {
    Ok(Page { limit: 3 })
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
