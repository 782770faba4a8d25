import type { Budget } from '@tintype/bindings/api';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button';
import { FailureNotice } from '../../components/failure-notice';
import { TextField } from '../../components/text-field';
import { formatMicroUsd, parseDollars } from './money';
import { useBudget, useSetBudget } from './use-budget';

/** What may be spent this month, what was, and for owners the way to change it. */
export function BudgetPanel({ isOwner }: { isOwner: boolean }) {
  const { data: budget, error, refetch } = useBudget();
  return (
    <section aria-labelledby="budget" className="mat p-6">
      <h2 id="budget" className="font-display text-2xl tracking-tight">
        This month
      </h2>
      {error && (
        <FailureNotice
          title="The budget could not be read"
          error={error}
          onRetry={refetch}
          className="mt-4"
        />
      )}
      {budget === undefined && !error && (
        <div
          role="status"
          aria-label="Loading the budget"
          className="developing mt-4 h-16 bg-line"
        />
      )}
      {budget !== undefined && <Spent budget={budget} />}
      {budget !== undefined && isOwner && <LimitForm budget={budget} />}
      {budget !== undefined && !isOwner && (
        <p className="mt-4 text-sm text-muted">Owners of the workspace set the limit.</p>
      )}
    </section>
  );
}

function Spent({ budget }: { budget: Budget }) {
  const { limitMicroUsd: limit, spentMicroUsd: spent, reservedMicroUsd: reserved } = budget;
  const percent = (amount: number) => (limit ? Math.min(100, (amount / limit) * 100) : 0);
  const used = spent + reserved;
  return (
    <>
      <p className="mt-3 text-lg">
        <strong className="font-semibold">{formatMicroUsd(spent)}</strong> spent
        {reserved > 0 && <>, {formatMicroUsd(reserved)} set aside for answers under way</>}
        {limit === null ? ', without a limit' : <> of {formatMicroUsd(limit)}</>}
      </p>
      {limit !== null && (
        <meter
          aria-label="Budget used"
          min={0}
          max={limit}
          value={Math.min(used, limit)}
          className="sr-only"
        >
          {formatMicroUsd(used)} of {formatMicroUsd(limit)}
        </meter>
      )}
      {limit !== null && (
        <div
          aria-hidden="true"
          className="mt-3 flex h-3 overflow-hidden rounded-full bg-sunk ring-1 ring-line"
        >
          <div
            className={used >= limit ? 'bg-alarm' : 'bg-verdigris'}
            style={{ width: `${percent(spent)}%` }}
          />
          <div
            className="bg-sepia opacity-60"
            style={{ width: `${Math.min(100 - percent(spent), percent(reserved))}%` }}
          />
        </div>
      )}
      <p className="mt-2 text-sm text-muted">
        Months begin and end in UTC. What an answer can cost is set aside before it begins, and what
        it did not cost is given back.
      </p>
    </>
  );
}

function LimitForm({ budget }: { budget: Budget }) {
  const [text, setText] = useState<string | undefined>();
  const [isBroken, setIsBroken] = useState(false);
  const set = useSetBudget(() => setText(undefined));
  const now = budget.limitMicroUsd;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const limitMicroUsd = text === undefined ? undefined : parseDollars(text);
    setIsBroken(limitMicroUsd === undefined);
    if (limitMicroUsd !== undefined) set.mutate({ limitMicroUsd });
  };

  return (
    <form noValidate onSubmit={submit} className="mt-5 border-t border-line pt-5">
      {set.error && (
        <FailureNotice title="The limit was not changed" error={set.error} className="mb-4" />
      )}
      <div className="flex flex-wrap items-end gap-3">
        <TextField
          label="Monthly limit in dollars"
          inputMode="decimal"
          className="w-48"
          value={text ?? (now === null ? '' : formatMicroUsd(now).replaceAll(/[$,]/g, ''))}
          error={isBroken ? 'Write an amount, as 25 or 0.50' : undefined}
          onChange={(event) => {
            setIsBroken(false);
            setText(event.target.value);
          }}
        />
        <Button type="submit" look="primary" busy={set.isPending}>
          {set.isPending ? 'Saving…' : 'Set the limit'}
        </Button>
        {now !== null && (
          <Button
            look="plain"
            busy={set.isPending}
            onClick={() => set.mutate({ limitMicroUsd: null })}
          >
            Remove the limit
          </Button>
        )}
      </div>
    </form>
  );
}
