/** A month in UTC, as `2026-11`. */
export type Month = `${number}-${number}`;

const MONTH_NAME = new Intl.DateTimeFormat('en-GB', {
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** The month of a moment. */
export function monthOf(date: Date): Month {
  return date.toISOString().slice(0, 7) as Month;
}

/** The month so many months later, or earlier. */
export function addMonths(month: Month, count: number): Month {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return monthOf(new Date(Date.UTC(year, number - 1 + count, 1)));
}

/** The first day of a month, and the first of the next, as `2026-11-01`. */
export function daysOf(month: Month): { startDate: string; endDate: string } {
  return { startDate: `${month}-01`, endDate: `${addMonths(month, 1)}-01` };
}

/** Every day of a month, as `2026-11-01`. */
export function eachDay(month: Month): string[] {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_, day) => `${month}-${String(day + 1).padStart(2, '0')}`);
}

/** A month as people call it. */
export function monthName(month: Month): string {
  return MONTH_NAME.format(new Date(`${month}-01T00:00:00Z`));
}
