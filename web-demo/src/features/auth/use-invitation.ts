import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** What the invitation with a token leads to. */
export function useInvitation(token: string) {
  return useQuery(useApi().members.invitations.preview.queryOptions({ token }));
}
