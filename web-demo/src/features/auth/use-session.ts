import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../components/trpc';

/** Who is signed in, and in which workspace. */
export function useSession() {
  return useQuery(useTRPC().auth.me.queryOptions());
}
