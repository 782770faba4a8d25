import type { CostGroup } from '@tintype/bindings/api';
import { formatMicroUsd } from './money';
import { eachDay, type Month, monthName } from './months';

const WIDTH = 620;
const HEIGHT = 160;
const GAP = 4;

const dayName = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  timeZone: 'UTC',
});

/** What each day of a month has cost, as bars, and as a table for who cannot see them. */
export function DayChart({ month, series }: { month: Month; series: readonly CostGroup[] }) {
  const costs = new Map(series.map(({ key, totals }) => [key, totals.costMicroUsd]));
  const days = eachDay(month);
  const most = Math.max(1, ...costs.values());
  const step = WIDTH / days.length;
  return (
    <figure>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Costs by day in ${monthName(month)}, at most ${formatMicroUsd(most)}`}
        className="block w-full"
      >
        <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} stroke="var(--line)" />
        {days.map((day, index) => {
          const cost = costs.get(day) ?? 0;
          // What is not nothing can be seen.
          const height = cost === 0 ? 0 : Math.max(2, (cost / most) * HEIGHT);
          return (
            <g key={day}>
              <title>{`${dayName.format(new Date(day))}: ${formatMicroUsd(cost)}`}</title>
              <rect x={index * step} y="0" width={step} height={HEIGHT} fill="transparent" />
              <rect
                x={index * step + GAP / 2}
                y={HEIGHT - height}
                width={step - GAP}
                height={height}
                fill="var(--sepia)"
              />
            </g>
          );
        })}
      </svg>
      <p aria-hidden="true" className="mt-1 flex justify-between px-1 text-sm text-muted">
        <span>1</span>
        <span>15</span>
        <span>{days.length}</span>
      </p>
      <table className="sr-only">
        <caption>Costs by day in {monthName(month)}</caption>
        <thead>
          <tr>
            <th>Day</th>
            <th>Costs</th>
          </tr>
        </thead>
        <tbody>
          {series.map(({ key, totals }) => (
            <tr key={key}>
              <td>{dayName.format(new Date(key))}</td>
              <td>{formatMicroUsd(totals.costMicroUsd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
