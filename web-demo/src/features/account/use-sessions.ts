import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** The sessions of whoever is signed in, those that were used last first. */
export function useSessions() {
  // Other browsers sign in and out, and no stream tells of it.
  return useQuery(useApi().auth.sessions.queryOptions(undefined, { staleTime: 5_000 }));
}
