import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** Ends a session; that it is over already comes to the same. */
export function useRevokeSession() {
  const api = useApi();
  const queryClient = useQueryClient();
  const queryKey = api.auth.sessions.queryKey();
  return useMutation(
    api.auth.revokeSession.mutationOptions({
      onError: () => void queryClient.invalidateQueries({ queryKey }),
    }),
  );
}
