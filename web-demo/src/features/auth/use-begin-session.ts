import { useQueryClient } from '@tanstack/react-query';
import type { SignedIn } from '@tintype/bindings/api';
import { useApi } from '../../components/api';

/** Makes the rest of the application know who has just signed in. */
export function useBeginSession() {
  const queryClient = useQueryClient();
  const me = useApi().auth.me.queryKey();
  return (session: SignedIn) => {
    // Whatever was read before belongs to somebody else.
    queryClient.removeQueries();
    queryClient.setQueryData(me, session);
  };
}
