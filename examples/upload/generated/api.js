// Generated from the Rust contract by `cargo run`: do not edit.

export const contract = {
  hash: 'c463c641f7386c85',
};
