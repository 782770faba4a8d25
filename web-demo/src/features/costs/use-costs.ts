import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { CostGroupBy } from '@tintype/bindings/api';
import { useApi } from '../../components/api';
import { daysOf, type Month } from './months';

/** What a month has cost, summed up by days, models, services or users. */
export function useCosts(month: Month, groupBy: CostGroupBy) {
  return useQuery(
    useApi().analytics.getCostMetrics.queryOptions(
      { ...daysOf(month), groupBy },
      { staleTime: 5_000, placeholderData: keepPreviousData },
    ),
  );
}
