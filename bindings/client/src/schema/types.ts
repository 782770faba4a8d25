import type { Check, Fail } from './standard.js';

/** A type that one test tells; the test may take the value for what it asks. */
export const type =
  <T>(expected: string, test: (value: T) => boolean): Check =>
  (value, fail) => {
    if (!test(value as T)) unfit(fail, expected);
  };

/** The value is not what is expected. */
export const unfit = (fail: Fail, expected: string): void =>
  fail('invalid_type', `expected ${expected}`);

/** What is wrong inside of a value is wrong at `step`. */
export const inside =
  (fail: Fail, step: number | string): Fail =>
  (code, message, path = []) =>
    fail(code, message, [step, ...path]);

/** Anything. */
export const any: Check = () => {};

/** `true` or `false`. */
export const boolean: Check = /* @__PURE__ */ type(
  'true or false',
  (value) => typeof value === 'boolean',
);

/** Whether a value is text; half a surrogate pair is none, and no server takes it. */
export const isText = (value: unknown): value is string =>
  typeof value === 'string' && !/\p{Surrogate}/u.test(value);

/** Text. */
export const string: Check = /* @__PURE__ */ type('text', isText);

/** A finite number. */
export const number: Check = /* @__PURE__ */ type('a number', (value) =>
  // Not the function itself: bundlers keep what reads a member of a global, used or not.
  Number.isFinite(value),
);

/** Any number, or the name of one that is not finite. */
export const float: Check = /* @__PURE__ */ type(
  'a number',
  (value) =>
    typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity',
);

/** A number without a fraction, at most as large as a double holds exactly. */
export const integer = (
  min: number = Number.MIN_SAFE_INTEGER,
  max: number = Number.MAX_SAFE_INTEGER,
): Check =>
  type<number>(
    `an integer from ${min} to ${max}`,
    (value) => Number.isInteger(value) && value >= min && value <= max,
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
export const literal = (expected: boolean | number | string | null): Check => oneOf(expected);

/** One of several values. */
export const oneOf = (...values: readonly (boolean | number | string | null)[]): Check =>
  type<boolean | number | string | null>(`one of ${values.join(', ')}`, (value) =>
    values.includes(value),
  );

/** The value or `null`. */
export const nullable =
  (check: Check): Check =>
  (value, fail) => {
    if (value !== null) check(value, fail);
  };

/** The first check, and the others as well if it finds nothing wrong. */
export const all =
  (first: Check, ...others: readonly Check[]): Check =>
  (value, fail) => {
    let fits = true;
    first(value, (...issue) => {
      fits = false;
      fail(...issue);
    });
    if (fits) for (const check of others) check(value, fail);
  };

/** At least one of the checks finds nothing wrong. */
export const anyOf = (...checks: readonly Check[]): Check =>
  type('one of several types', (value) =>
    checks.some((check) => {
      let fits = true;
      check(value, () => {
        fits = false;
      });
      return fits;
    }),
  );

/** Elements of one type. */
export const array =
  (item: Check): Check =>
  (value, fail) => {
    if (!Array.isArray(value)) return unfit(fail, 'a list');
    // Holes are elements too: JSON writes them.
    for (let index = 0; index < value.length; index++) item(value[index], inside(fail, index));
  };

/** Elements of a type each. */
export const tuple =
  (...items: readonly Check[]): Check =>
  (value, fail) => {
    if (!Array.isArray(value) || value.length !== items.length) {
      return unfit(fail, `a list of ${items.length}`);
    }
    items.forEach((item, index) => {
      item(value[index], inside(fail, index));
    });
  };

/** So many elements of one type. */
export const fixed = (item: Check, length: number): Check =>
  tuple(...Array.from({ length }, () => item));

/** A set, or a list of its elements. */
export const set = (item: Check): Check => listed(Set, item);

/** A map, or a list of its pairs. */
export const entries = (key: Check, value: Check): Check => listed(Map, tuple(key, value));

const listed = (collection: typeof Map | typeof Set, item: Check): Check => {
  const check = array(item);
  return (value, fail) => check(value instanceof collection ? [...value] : value, fail);
};
