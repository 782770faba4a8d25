import { useMutation } from '@tanstack/react-query';
import type { SignedIn } from '@tintype/bindings/api';
import { useApi } from '../../components/api';
import { useBeginSession } from './use-begin-session';

/** Creates a workspace, signs its owner in, and goes on with `onSignedIn`. */
export function useRegister(onSignedIn: (session: SignedIn) => void) {
  const beginSession = useBeginSession();
  return useMutation(
    useApi().auth.register.mutationOptions({
      onSuccess: (session) => {
        beginSession(session);
        onSignedIn(session);
      },
    }),
  );
}
