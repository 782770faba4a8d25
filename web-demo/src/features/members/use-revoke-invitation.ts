import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** Revokes an invitation; that it is gone already comes to the same. */
export function useRevokeInvitation() {
  const api = useApi();
  const queryClient = useQueryClient();
  const queryKey = api.members.invitations.list.queryKey();
  return useMutation(
    api.members.invitations.revoke.mutationOptions({
      onError: () => void queryClient.invalidateQueries({ queryKey }),
    }),
  );
}
