import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** Who is signed in, and in which workspace. */
export function useSession() {
  // Another window of the browser may have signed out, or somebody else in.
  return useQuery(useApi().auth.me.queryOptions(undefined, { refetchOnWindowFocus: 'always' }));
}
