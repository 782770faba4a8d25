use tintype::prelude::*;

#[query]
pub async fn list() -> Result<u32, Never> {
    Ok(3)
}

fn main() {}
