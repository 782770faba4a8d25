import { useMutation } from '@tanstack/react-query';
import type { SignedIn } from '@tintype/bindings/api';
import { useApi } from '../../components/api';
import { useBeginSession } from './use-begin-session';

/** Accepts an invitation and goes on with `onSignedIn`. */
export function useAccept(onSignedIn: (session: SignedIn) => void) {
  const beginSession = useBeginSession();
  return useMutation(
    useApi().members.accept.mutationOptions({
      onSuccess: (session) => {
        beginSession(session);
        onSignedIn(session);
      },
    }),
  );
}
