import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** Invites somebody; the answer has the link's secret, which is not said again. */
export function useInvite() {
  return useMutation(useApi().members.invite.mutationOptions());
}
