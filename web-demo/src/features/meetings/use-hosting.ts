import { useMutation } from '@tanstack/react-query';
import type { MeetingId } from '@tintype/bindings/api';
import { useAnnounce } from '../../components/announcer';
import { useApi } from '../../components/api';

/** What hosts decide about others. */
export function useHosting(meetingId: MeetingId) {
  const api = useApi();
  const announce = useAnnounce();
  const promote = useMutation(api.meetings.promote.mutationOptions());
  const remove = useMutation(api.meetings.remove.mutationOptions());
  return {
    busyWith:
      (promote.isPending && promote.variables.identity) ||
      (remove.isPending && remove.variables.identity) ||
      undefined,
    error: promote.error ?? remove.error,
    promote: (identity: string, name: string) => {
      remove.reset();
      promote.mutate(
        { meetingId, identity },
        { onSuccess: () => announce(`${name} is a host now`) },
      );
    },
    remove: (identity: string, name: string) => {
      promote.reset();
      remove.mutate(
        { meetingId, identity },
        { onSuccess: () => announce(`${name} was removed from the call`) },
      );
    },
  };
}
