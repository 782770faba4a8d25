import { Link } from '@tanstack/react-router';
import type { CostTotals } from '@tintype/bindings/api';
import { useState } from 'react';
import { Button } from '../../components/button';
import { FailureNotice } from '../../components/failure-notice';
import { CostTable } from './cost-table';
import { DayChart } from './day-chart';
import { formatMicroUsd } from './money';
import { addMonths, monthName, monthOf } from './months';
import { useCosts } from './use-costs';

/** What a month has cost, by day, model and service. */
export function MonthCosts({ isOwner }: { isOwner: boolean }) {
  const thisMonth = monthOf(new Date());
  const [month, setMonth] = useState(thisMonth);
  const byDay = useCosts(month, 'day');
  const byModel = useCosts(month, 'model');
  const byService = useCosts(month, 'service');
  const failed = [byDay, byModel, byService].find(({ error }) => error);
  const totals = byDay.data?.totals;
  return (
    <section aria-labelledby="costs-of-month">
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <h2 id="costs-of-month" className="font-display text-2xl tracking-tight">
          {monthName(month)}
        </h2>
        <div className="flex gap-2">
          <Button onClick={() => setMonth(addMonths(month, -1))}>Earlier</Button>
          <Button disabled={month >= thisMonth} onClick={() => setMonth(addMonths(month, 1))}>
            Later
          </Button>
        </div>
      </div>
      {failed && (
        <FailureNotice
          title="The costs could not be read"
          error={failed.error}
          onRetry={() =>
            void Promise.all([byDay, byModel, byService].map((query) => query.refetch()))
          }
        />
      )}
      {totals === undefined && !failed && (
        <div role="status" aria-label="Loading costs" className="developing h-56 bg-line" />
      )}
      {totals?.calls === 0 && (
        <div className="mat px-6 py-12 text-center">
          <h3 className="font-display text-xl tracking-tight">No costs in this month</h3>
          <p className="mx-auto mt-2 max-w-sm text-muted">
            Every answer of a model is listed here with its tokens and its price.{' '}
            <Link to="/chat" className="link">
              Ask something
            </Link>
          </p>
        </div>
      )}
      {totals !== undefined && totals.calls > 0 && (
        <div className="space-y-6">
          <div className="mat p-6">
            <Summary totals={totals} isOwner={isOwner} />
            <DayChart month={month} series={byDay.data?.series ?? []} />
          </div>
          <CostTable
            title="By model"
            head="Model"
            series={byModel.data?.series ?? []}
            nameOf={modelName}
          />
          <CostTable title="By service" head="Service" series={byService.data?.series ?? []} />
        </div>
      )}
    </section>
  );
}

function modelName(model: string): string {
  return model === 'extractive' ? 'no model configured' : model;
}

function Summary({ totals, isOwner }: { totals: CostTotals; isOwner: boolean }) {
  const { calls, unpricedCalls, estimatedCalls } = totals;
  return (
    <div className="mb-5">
      <p className="text-lg">
        <strong className="font-semibold">{formatMicroUsd(totals.costMicroUsd)}</strong> for {calls}{' '}
        {calls === 1 ? 'call' : 'calls'}
        {!isOwner && ' of yours'}
      </p>
      {unpricedCalls > 0 && (
        <p className="mt-1 text-sm text-muted">
          {unpricedCalls} of them asked models without a price, which are in no sum.
        </p>
      )}
      {estimatedCalls > 0 && (
        <p className="mt-1 text-sm text-muted">
          Of {estimatedCalls} the provider did not say what they used, so they are estimated.
        </p>
      )}
    </div>
  );
}
