// Generated from the Rust contract by `cargo run`: do not edit.

export const contract = {
  hash: '9df6994c3e5635ab',
};
