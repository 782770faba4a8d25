/**
 * What generated schemas are made of.
 *
 * `schemas.js` is generated from the contract and imports from here; forms import the schemas.
 */
export * from './formats.js';
export * from './objects.js';
export * from './rules.js';
export * from './schema.js';
export type {
  Check,
  Fail,
  Invalid,
  Issue,
  IssueCode,
  Path,
  Schema,
  Valid,
} from './standard.js';
export {
  all,
  any,
  anyOf,
  array,
  bigint,
  boolean,
  entries,
  fixed,
  float,
  integer,
  literal,
  nullable,
  number,
  oneOf,
  set,
  string,
  tuple,
} from './types.js';
