// Generated from the Rust contract by `cargo run`: do not edit.

export const contract = {
  hash: '5c25c7fc4639ca3c',
};
