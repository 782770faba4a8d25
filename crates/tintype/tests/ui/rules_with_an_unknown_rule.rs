use serde::Deserialize;
use tintype::prelude::*;

#[derive(Deserialize, Type, garde::Validate, Rules)]
pub struct Search {
    #[garde(lenght(max = 3))]
    text: String,
}

fn main() {}
