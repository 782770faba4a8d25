import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** Makes a member an owner, or an owner a member. */
export function useSetRole() {
  return useMutation(useApi().members.setRole.mutationOptions());
}
