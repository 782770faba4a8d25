import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** Changes the password, which ends every other session. */
export function useChangePassword() {
  return useMutation(useApi().auth.changePassword.mutationOptions());
}
