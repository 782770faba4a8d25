import { expect, it } from 'vitest';
import { rosette } from './rosette';

const ids = Array.from({ length: 40 }, (_, n) => `01900000-0000-7000-8000-0000000000${10 + n}`);

it('is the same for the same seed', () => {
  expect(rosette('a')).toEqual(rosette('a'));
});

it('differs between most seeds', () => {
  expect(new Set(ids.map((id) => rosette(id).join())).size).toBeGreaterThan(ids.length * 0.9);
});

it('draws closed curves of finite points', () => {
  for (const curve of ids.flatMap(rosette)) {
    expect(curve).toMatch(/^M-?\d+\.\d -?\d+\.\d(L-?\d+\.\d -?\d+\.\d)+Z$/);
  }
});
