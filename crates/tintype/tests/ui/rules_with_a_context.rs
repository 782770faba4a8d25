use serde::Deserialize;
use tintype::prelude::*;

pub struct Limits {
    longest: usize,
}

#[derive(Deserialize, Type, garde::Validate, Rules)]
#[garde(context(Limits as limits))]
pub struct Search {
    #[garde(length(max = limits.longest))]
    text: String,
}

fn main() {}
