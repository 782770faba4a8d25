import type { Check, Issue, Schema } from './standard.js';

/**
 * Makes a schema of the check that `build` gives.
 *
 * It is built when it is first used, so a schema may refer to itself and to those behind it, and bundlers drop what
 * nobody uses.
 */
export function schema<T>(build: () => Check): Schema<T> {
  let built: Check | undefined;
  const check: Check = (value, path, issues) => {
    built ??= build();
    built(value, path, issues);
  };
  return Object.assign(check, {
    '~standard': {
      version: 1,
      vendor: 'tintype',
      validate: (value: unknown) => {
        const issues: Issue[] = [];
        check(value, [], issues);
        // The check has seen that it is one.
        return issues.length > 0 ? { issues } : { value: value as T };
      },
    },
  } as const);
}
