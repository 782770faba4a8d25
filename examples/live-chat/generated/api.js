// Generated from the Rust contract by `cargo run`: do not edit.

export const contract = {
  hash: 'eb328b291d2f2897',
};
