import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** The invitations that can be accepted, newest first; owners may see them. */
export function useInvitations() {
  return useQuery(useApi().members.invitations.list.queryOptions());
}
