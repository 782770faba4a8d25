use tintype::prelude::*;

#[derive(Clone)]
pub struct AppState;

#[query]
pub async fn list<T: Send>(input: T) -> Result<u32, Never> {
    let _ = input;
    Ok(3)
}

fn main() {
    let _: Router<AppState> = router! { [list] };
}
