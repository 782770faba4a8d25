//! superjson as a transformer that knows the contract, section 10 of the protocol.
//!
//! A JavaScript server asks each value what it is; here the contract says it, once per procedure, and a value is
//! searched only for what its type can hold.
//! Most types hold nothing that JSON cannot say: their values are wrapped without being looked at.

mod input;
mod output;
mod path;
mod place;
mod shape;
mod tree;

pub(crate) use self::{
    input::read,
    output::Document,
    place::{Place, Places},
    tree::Tree,
};

#[cfg(test)]
mod tests;
