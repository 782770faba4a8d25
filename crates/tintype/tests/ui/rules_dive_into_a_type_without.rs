use serde::Deserialize;
use tintype::prelude::*;

#[derive(Deserialize, Type, garde::Validate)]
pub struct Tag {
    #[garde(length(max = 3))]
    name: String,
}

#[derive(Deserialize, Type, garde::Validate, Rules)]
pub struct Search {
    #[garde(dive)]
    tags: Vec<Tag>,
}

fn main() {}
