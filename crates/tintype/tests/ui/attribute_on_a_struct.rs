use tintype::prelude::*;

#[query]
pub struct Widget {
    pub name: String,
}

fn main() {}
