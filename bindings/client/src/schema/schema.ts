import type { Check, Issue, Schema } from './standard.js';

/**
 * Makes a schema of the check that `build` gives.
 *
 * It is built when it is first used, so a schema may refer to itself and to those behind it, and bundlers drop what
 * nobody uses.
 */
export function schema<T>(build: () => Check): Schema<T> {
  let built: Check | undefined;
  const check: Check = (value, fail) => {
    built ??= build();
    built(value, fail);
  };
  const validate = (value: unknown) => {
    const issues: Issue[] = [];
    check(value, (code, message, path = []) => issues.push({ code, message, path }));
    // The check has seen that it is one.
    return issues.length > 0 ? { issues } : { value: value as T };
  };
  return Object.assign(check, {
    '~standard': { version: 1, vendor: 'tintype', validate },
  } as const);
}
