import { expect, it } from 'vitest';
import { highlighted } from './highlighted';

it('cuts a snippet at its highlights', () => {
  const parts = highlighted('the plate is iron', [
    { start: 4, end: 9 },
    { start: 13, end: 17 },
  ]);
  expect(parts).toEqual([
    { at: 0, text: 'the ', isMarked: false },
    { at: 4, text: 'plate', isMarked: true },
    { at: 9, text: ' is ', isMarked: false },
    { at: 13, text: 'iron', isMarked: true },
  ]);
});

it('counts as strings do, where an emoji has two units', () => {
  const parts = highlighted('📷 plate', [{ start: 3, end: 8 }]);
  expect(parts.find(({ isMarked }) => isMarked)?.text).toBe('plate');
});

it('leaves a snippet without highlights whole', () => {
  expect(highlighted('iron', [])).toEqual([{ at: 0, text: 'iron', isMarked: false }]);
  expect(highlighted('', [])).toEqual([]);
});
