import { useQuery } from '@tanstack/react-query';
import type { MeetingId } from '@tintype/bindings/api';
import { useApi } from '../../components/api';

/** One meeting, and what the person may do in it. */
export function useMeeting(id: MeetingId) {
  return useQuery(useApi().meetings.get.queryOptions({ id }));
}
