import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useApi } from '../../components/api';

/** Creates a meeting and opens it. */
export function useCreateMeeting() {
  const navigate = useNavigate();
  return useMutation(
    useApi().meetings.create.mutationOptions({
      onSuccess: (meeting) =>
        void navigate({ to: '/meetings/$meetingId', params: { meetingId: meeting.id } }),
    }),
  );
}
