import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** Deletes a conversation; that somebody else was faster comes to the same. */
export function useDeleteSession(onDeleted: () => void) {
  return useMutation(
    useApi().chat.sessions.delete.mutationOptions({
      onSuccess: () => onDeleted(),
      onError: (error) => {
        if (error.error?.kind === 'SESSION_NOT_FOUND') onDeleted();
      },
    }),
  );
}
