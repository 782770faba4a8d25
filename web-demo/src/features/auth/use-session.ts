import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../components/trpc';

/** Who is signed in, and in which workspace. */
export function useSession() {
  // Another window of the browser may have signed out, or somebody else in.
  return useQuery(useTRPC().auth.me.queryOptions(undefined, { refetchOnWindowFocus: 'always' }));
}
