import { expect, test } from 'vitest';
import { addMonths, daysOf, eachDay, monthName, monthOf } from './months';

test('months are those of UTC, also over the turn of the year', () => {
  expect(monthOf(new Date('2026-12-31T23:59:59Z'))).toBe('2026-12');
  expect(addMonths('2026-12', 1)).toBe('2027-01');
  expect(addMonths('2026-01', -1)).toBe('2025-12');
  expect(daysOf('2026-12')).toEqual({ startDate: '2026-12-01', endDate: '2027-01-01' });
  expect(monthName('2026-11')).toBe('November 2026');
});

test('a month has its days', () => {
  expect(eachDay('2028-02')).toHaveLength(29);
  expect(eachDay('2026-11').at(-1)).toBe('2026-11-30');
});
