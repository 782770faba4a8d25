use serde::Deserialize;
use tintype::prelude::*;

#[derive(Deserialize, Type, Rules)]
pub struct Search {
    #[garde(length(max = 3))]
    text: String,
}

fn main() {}
