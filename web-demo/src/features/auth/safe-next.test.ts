import { expect, it } from 'vitest';
import { safeNext } from './safe-next';

it.each([
  ['/', '/'],
  ['/?a=1#b', '/?a=1#b'],
  [undefined, '/'],
  ['', '/'],
  ['https://example.com', '/'],
  ['//example.com', '/'],
  ['/\\example.com', '/'],
  ['javascript:alert(1)', '/'],
])('returns from %s to %s', (next, page) => {
  expect(safeNext(next)).toBe(page);
});
