use serde::Deserialize;
use tintype::prelude::*;

pub struct Limits {
    longest: usize,
}

#[derive(Deserialize, Type, garde::Validate, Rules)]
#[garde(context(Limits))]
pub struct Search {
    #[garde(length(max = ctx.longest))]
    text: String,
}

fn main() {}
