import type { Check, Issue } from './standard.js';

const unfit = (path: Issue['path'], expected: string): Issue => ({
  code: 'invalid_type',
  message: `expected ${expected}`,
  path,
});

/** A type that one test tells. */
export const type =
  (expected: string, test: (value: unknown) => boolean): Check =>
  (value, path, issues) => {
    if (!test(value)) issues.push(unfit(path, expected));
  };

/** Anything. */
export const any: Check = () => {};

/** `true` or `false`. */
export const boolean: Check = /* @__PURE__ */ type(
  'true or false',
  (value) => typeof value === 'boolean',
);

/** Text; half a surrogate pair is none, and no server takes it. */
export const isText = (value: unknown): value is string =>
  typeof value === 'string' && !/\p{Surrogate}/u.test(value);

/** Text. */
export const string: Check = /* @__PURE__ */ type('text', isText);

/** A finite number. */
export const number: Check = /* @__PURE__ */ type('a number', Number.isFinite);

/** Any number, or the name of one that is not finite. */
export const float: Check = /* @__PURE__ */ type(
  'a number',
  (value) =>
    typeof value === 'number' ||
    value === 'NaN' ||
    value === 'Infinity' ||
    value === '-Infinity',
);

/** A number without a fraction, at most as large as a double holds exactly. */
export const integer = (
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
): Check =>
  type(
    `an integer from ${min} to ${max}`,
    (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  );

/** A big integer, or its decimal text. */
export const bigint = (min?: bigint, max?: bigint): Check =>
  type(min === undefined ? 'an integer' : `an integer from ${min} to ${max}`, (value) => {
    if (typeof value !== 'bigint' && !(typeof value === 'string' && /^-?\d+$/.test(value))) {
      return false;
    }
    const whole = BigInt(value);
    return (min === undefined || whole >= min) && (max === undefined || whole <= max);
  });

/** One value. */
export const literal = (expected: boolean | number | string | null): Check =>
  type(JSON.stringify(expected), (value) => value === expected);

/** One of several values. */
export const oneOf = (...values: readonly (boolean | number | string)[]): Check =>
  type(`one of ${values.map((value) => JSON.stringify(value)).join(', ')}`, (value) =>
    values.some((other) => other === value),
  );

/** The value or `null`. */
export const nullable =
  (check: Check): Check =>
  (value, path, issues) => {
    if (value !== null) check(value, path, issues);
  };

/** The first check, and the others as well if it finds nothing wrong. */
export const all =
  (first: Check, ...others: readonly Check[]): Check =>
  (value, path, issues) => {
    const before = issues.length;
    first(value, path, issues);
    if (issues.length === before) for (const check of others) check(value, path, issues);
  };

/** At least one of the checks finds nothing wrong. */
export const anyOf = (...checks: readonly Check[]): Check =>
  type('one of several types', (value) =>
    checks.some((check) => {
      const issues: Issue[] = [];
      check(value, [], issues);
      return issues.length === 0;
    }),
  );

/** Elements of one type, `length` of them if that is given. */
export const array =
  (item: Check, length?: number): Check =>
  (value, path, issues) => {
    if (Array.isArray(value) && (length ?? value.length) === value.length) {
      elements(value, path, issues, () => item);
    } else {
      issues.push(unfit(path, length === undefined ? 'a list' : `a list of ${length}`));
    }
  };

/** Elements of a type each. */
export const tuple =
  (...items: readonly Check[]): Check =>
  (value, path, issues) => {
    if (Array.isArray(value) && value.length === items.length) {
      elements(value, path, issues, (index) => items[index]);
    } else {
      issues.push(unfit(path, `a list of ${items.length}`));
    }
  };

/** A set, or a list of its elements. */
export const set = (item: Check): Check => listed(Set, item);

/** A map, or a list of its pairs. */
export const entries = (key: Check, value: Check): Check => listed(Map, tuple(key, value));

const listed = (collection: typeof Map | typeof Set, item: Check): Check => {
  const check = array(item);
  return (value, path, issues) =>
    check(value instanceof collection ? [...value] : value, path, issues);
};

const elements = (
  list: readonly unknown[],
  path: Issue['path'],
  issues: Issue[],
  check: (index: number) => Check | undefined,
): void => {
  // Holes are elements too: JSON writes them.
  for (let index = 0; index < list.length; index++) {
    check(index)?.(list[index], [...path, index], issues);
  }
};
