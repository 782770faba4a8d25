import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** Gives a conversation another title. */
export function useRenameSession(onRenamed: () => void) {
  return useMutation(
    useApi().chat.sessions.rename.mutationOptions({ onSuccess: () => onRenamed() }),
  );
}
