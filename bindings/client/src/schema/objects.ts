import type { Check, Issue } from './standard.js';

/** Members by their names. */
export type Members = { readonly [name: string]: Check };

type Fields = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The member of that name, unless it is inherited. */
const own = (value: Fields, name: string): unknown =>
  Object.hasOwn(value, name) ? value[name] : undefined;

const refuse = (path: Issue['path'], issues: Issue[]): number =>
  issues.push({ code: 'invalid_type', message: 'expected an object', path });

/** An object; members that are not named are ignored, as the server ignores them. */
export const object =
  (required: Members, optional: Members = {}): Check =>
  (value, path, issues) => {
    if (!isObject(value)) {
      refuse(path, issues);
      return;
    }
    for (const members of [required, optional]) {
      for (const name of Object.keys(members)) {
        const member = own(value, name);
        const inside = [...path, name];
        if (member !== undefined) members[name]?.(member, inside, issues);
        else if (members === required) {
          issues.push({ code: 'missing', message: 'required', path: inside });
        }
      }
    }
  };

/** An object that has no other members. */
export const closed = (required: Members, optional: Members = {}): Check => {
  const check = object(required, optional);
  return (value, path, issues) => {
    check(value, path, issues);
    if (!isObject(value)) return;
    for (const name of Object.keys(value)) {
      if (value[name] === undefined) continue;
      if (Object.hasOwn(required, name) || Object.hasOwn(optional, name)) continue;
      issues.push({ code: 'invalid_type', message: 'unknown field', path: [...path, name] });
    }
  };
};

/** An object whose other members depend on what `tag` is. */
export const tagged =
  (tag: string, variants: Members): Check =>
  (value, path, issues) => {
    if (!isObject(value)) {
      refuse(path, issues);
      return;
    }
    const name = own(value, tag);
    const inside = [...path, tag];
    if (name === undefined) {
      issues.push({ code: 'missing', message: 'required', path: inside });
    } else if (Object.hasOwn(variants, String(name))) {
      variants[String(name)]?.(value, path, issues);
    } else {
      const names = Object.keys(variants).join(', ');
      issues.push({ code: 'invalid_type', message: `expected one of ${names}`, path: inside });
    }
  };

/** An object with any number of members of one type. */
export const record =
  (member: Check, key?: Check): Check =>
  (value, path, issues) => {
    if (!isObject(value)) {
      refuse(path, issues);
      return;
    }
    for (const name of Object.keys(value)) {
      // JSON leaves it out.
      if (value[name] === undefined) continue;
      const inside = [...path, name];
      key?.(name, inside, issues);
      member(value[name], inside, issues);
    }
  };
