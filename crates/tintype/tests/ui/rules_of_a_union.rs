use tintype::prelude::*;

#[derive(Clone, Copy, Rules)]
pub union Bits {
    whole: u32,
    half: u16,
}

fn main() {}
