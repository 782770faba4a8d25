import { useMutation, useQuery } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** What the workspace may spend this month, and what it has spent. */
export function useBudget() {
  return useQuery(useApi().budget.get.queryOptions(undefined, { staleTime: 5_000 }));
}

/** Sets the limit of a month, or takes it away. */
export function useSetBudget(onSet: () => void) {
  return useMutation(useApi().budget.set.mutationOptions({ onSuccess: () => onSet() }));
}
