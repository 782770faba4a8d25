// Generated from the Rust contract by `cargo run`: do not edit.

export const contract = {
  hash: 'b877382dfc366770',
};
