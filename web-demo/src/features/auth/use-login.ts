import { useMutation } from '@tanstack/react-query';
import type { SignedIn } from '@tintype/bindings/api';
import { useApi } from '../../components/api';
import { useBeginSession } from './use-begin-session';

/** Signs in and goes on with `onSignedIn`. */
export function useLogin(onSignedIn: (session: SignedIn) => void) {
  const beginSession = useBeginSession();
  return useMutation(
    useApi().auth.login.mutationOptions({
      onSuccess: (session) => {
        beginSession(session);
        onSignedIn(session);
      },
    }),
  );
}
