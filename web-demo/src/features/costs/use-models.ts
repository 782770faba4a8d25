import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** The models on offer, with their prices. */
export function useModels() {
  return useQuery(useApi().ai.models.queryOptions());
}

/** Which model answers the questions of the workspace. */
export function usePolicy() {
  return useQuery(useApi().ai.policy.queryOptions());
}

/** Decides which model answers. */
export function useSetPolicy() {
  const api = useApi();
  const queryClient = useQueryClient();
  return useMutation(
    api.ai.setPolicy.mutationOptions({
      // The answer is what would be read again.
      invalidate: false,
      onSuccess: (policy) => queryClient.setQueryData(api.ai.policy.queryKey(), policy),
    }),
  );
}
