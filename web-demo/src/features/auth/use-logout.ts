import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../components/api';
import { readFailure } from '../../components/failure';

/** Signs out and goes on with `onSignedOut`, also if the session was over already. */
export function useLogout(onSignedOut: () => void) {
  return useMutation(
    useApi().auth.logout.mutationOptions({
      // Who is signed in after it is known.
      invalidate: false,
      onSuccess: onSignedOut,
      onError: (error) => {
        if (readFailure(error).kind === 'session-missing') onSignedOut();
      },
    }),
  );
}
