import { expect, test } from 'vitest';
import { formatMicroUsd, parseDollars } from './money';

test('amounts have cents and what is beyond them', () => {
  expect(formatMicroUsd(0)).toBe('$0.00');
  expect(formatMicroUsd(1)).toBe('$0.000001');
  expect(formatMicroUsd(500)).toBe('$0.0005');
  expect(formatMicroUsd(1_250_000)).toBe('$1.25');
  expect(formatMicroUsd(1_234_567_800_000)).toBe('$1,234,567.80');
});

test('what is typed is exact, and what is no amount is none', () => {
  expect(parseDollars('12')).toBe(12_000_000);
  expect(parseDollars(' $0.29 ')).toBe(290_000);
  expect(parseDollars('1,5')).toBe(1_500_000);
  expect(parseDollars('999999999.999999')).toBe(999_999_999_999_999);
  for (const text of ['', '-1', 'ten', '1.2.3', '0.0000001', '1e3', '9999999999']) {
    expect(parseDollars(text), text).toBeUndefined();
  }
});
