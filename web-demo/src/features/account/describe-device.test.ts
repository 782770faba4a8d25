import { expect, it } from 'vitest';
import { describeDevice } from './describe-device';

it.each([
  ['Firefox', 'Linux', 'Firefox on Linux'],
  ['curl', null, 'curl'],
  [null, 'iPhone', 'iPhone'],
  [null, null, 'A program that does not say what it is'],
])('calls %s and %s %s', (browser, system, name) => {
  expect(describeDevice({ browser, system })).toBe(name);
});
