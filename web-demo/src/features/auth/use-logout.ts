import { useMutation } from '@tanstack/react-query';
import { readFailure } from '../../components/failure';
import { useTRPC } from '../../components/trpc';

/** Signs out and goes on with `onSignedOut`, also if the session was over already. */
export function useLogout(onSignedOut: () => void) {
  return useMutation(
    useTRPC().auth.logout.mutationOptions({
      onSuccess: onSignedOut,
      onError: (error) => {
        if (readFailure(error).kind === 'session-missing') onSignedOut();
      },
    }),
  );
}
