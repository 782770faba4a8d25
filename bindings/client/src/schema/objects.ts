import type { Check } from './standard.js';
import { inside, unfit } from './types.js';

/** Members by their names. */
export type Members = { readonly [name: string]: Check };

type Fields = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A check that is given objects only. */
const ofObject =
  (check: (value: Fields, fail: Parameters<Check>[1]) => void): Check =>
  (value, fail) =>
    isObject(value) ? check(value, fail) : unfit(fail, 'an object');

/** The member of that name, unless it is inherited. */
const own = <T>(value: { readonly [name: string]: T }, name: string): T | undefined =>
  Object.hasOwn(value, name) ? value[name] : undefined;

/** An object; members that are not named are ignored, as the server ignores them. */
export const object = (required: Members, optional: Members = {}): Check =>
  ofObject((value, fail) => {
    for (const members of [required, optional]) {
      for (const [name, check] of Object.entries(members)) {
        const member = own(value, name);
        if (member !== undefined) check(member, inside(fail, name));
        else if (members === required) fail('missing', 'required', [name]);
      }
    }
  });

/** An object that has no other members. */
export const closed = (required: Members, optional: Members = {}): Check => {
  const check = object(required, optional);
  return (value, fail) => {
    check(value, fail);
    if (!isObject(value)) return;
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined || own(required, name) || own(optional, name)) continue;
      fail('invalid_type', 'unknown field', [name]);
    }
  };
};

/** An object whose other members depend on what `tag` is. */
export const tagged = (tag: string, variants: Members): Check =>
  ofObject((value, fail) => {
    const name = own(value, tag);
    const variant = own(variants, String(name));
    if (variant) variant(value, fail);
    else if (name === undefined) fail('missing', 'required', [tag]);
    else unfit(inside(fail, tag), `one of ${Object.keys(variants).join(', ')}`);
  });

/** An object with any number of members of one type. */
export const record = (member: Check, key?: Check): Check =>
  ofObject((value, fail) => {
    for (const [name, found] of Object.entries(value)) {
      // JSON leaves it out.
      if (found === undefined) continue;
      // A key that does not fit is wrong with the object, as the server reports it.
      key?.(name, fail);
      member(found, inside(fail, name));
    }
  });

/** Members that an object may lack by its type, and must not. */
export const required = (...names: readonly string[]): Check =>
  ofObject((value, fail) => {
    for (const name of names) {
      if ((own(value, name) ?? null) === null) fail('constraint', 'required', [name]);
    }
  });
