import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../components/api';

/** Stops an answer; what there is of it stays. */
export function useStopRun() {
  return useMutation(useApi().chat.stop.mutationOptions());
}
