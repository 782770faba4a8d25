import { useMutation } from '@tanstack/react-query';
import type { SignedIn } from '@tintype/bindings';
import { useTRPC } from '../../components/trpc';
import { useBeginSession } from './use-begin-session';

/** Creates a workspace, signs its owner in, and goes on with `onSignedIn`. */
export function useRegister(onSignedIn: (session: SignedIn) => void) {
  const beginSession = useBeginSession();
  return useMutation(
    useTRPC().auth.register.mutationOptions({
      onSuccess: (session) => {
        beginSession(session);
        onSignedIn(session);
      },
    }),
  );
}
