/** Micro-dollars in a dollar. */
const MICRO = 1_000_000;

/** An amount for people: cents, and as many digits more as it has. */
export function formatMicroUsd(microUsd: number): string {
  const dollars = Math.trunc(microUsd / MICRO).toLocaleString('en');
  const fraction = String(microUsd % MICRO)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `$${dollars}.${fraction}`;
}

/** The micro-dollars of an amount that somebody typed, as `12.5`; nothing if it is none. */
export function parseDollars(text: string): number | undefined {
  const parts = /^\s*\$?\s*(\d{1,9})(?:[.,](\d{0,6}))?\s*$/.exec(text);
  if (parts === null) return undefined;
  const [, dollars = '0', fraction = ''] = parts;
  // Digits, not a fraction of a float, so that every amount is exact.
  return Number(dollars) * MICRO + Number(fraction.padEnd(6, '0'));
}
