import type { CostGroup } from '@tintype/bindings/api';
import { formatMicroUsd } from './money';

type CostTableProps = {
  title: string;
  /** What a row is called. */
  head: string;
  series: readonly CostGroup[];
  /** How a key is read; as it is without it. */
  nameOf?: (key: string) => string;
};

const count = new Intl.NumberFormat('en');

/** Costs by model, service or user. */
export function CostTable({ title, head, series, nameOf = (key) => key }: CostTableProps) {
  return (
    <section className="mat overflow-x-auto p-6">
      <table className="w-full text-[0.9375rem]">
        <caption className="mb-3 text-left font-display text-xl tracking-tight">{title}</caption>
        <thead>
          <tr className="border-b border-line text-left text-sm text-muted">
            <th scope="col" className="py-2 pr-4 font-medium">
              {head}
            </th>
            <th scope="col" className="py-2 pr-4 text-right font-medium">
              Calls
            </th>
            <th scope="col" className="py-2 pr-4 text-right font-medium">
              Tokens in, out
            </th>
            <th scope="col" className="py-2 text-right font-medium">
              Costs
            </th>
          </tr>
        </thead>
        <tbody>
          {series.map(({ key, totals }) => (
            <tr key={key} className="border-b border-line last:border-0">
              <th scope="row" className="py-2 pr-4 text-left font-normal wrap-anywhere">
                {nameOf(key)}
              </th>
              <td className="py-2 pr-4 text-right tabular-nums">{count.format(totals.calls)}</td>
              <td className="py-2 pr-4 text-right whitespace-nowrap tabular-nums">
                {count.format(totals.inputTokens)}, {count.format(totals.outputTokens)}
              </td>
              <td className="py-2 text-right whitespace-nowrap tabular-nums">
                {totals.unpricedCalls === totals.calls
                  ? 'no price'
                  : formatMicroUsd(totals.costMicroUsd)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
