import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** Removes a member; that somebody else was faster comes to the same. */
export function useRemoveMember() {
  const api = useApi();
  const queryClient = useQueryClient();
  const queryKey = api.members.list.queryKey();
  const forget = (id: string) => {
    queryClient.setQueryData(queryKey, (members) => members?.filter((member) => member.id !== id));
  };
  return useMutation(
    api.members.remove.mutationOptions({
      onSuccess: (_success, { id }) => forget(id),
      onError: (error, { id }) => {
        if (error.error?.kind === 'MEMBER_NOT_FOUND') forget(id);
      },
    }),
  );
}
