// Generated from the Rust contract by `cargo run`: do not edit.

export const contract = {
  hash: '3e6aae287857088f',
};
