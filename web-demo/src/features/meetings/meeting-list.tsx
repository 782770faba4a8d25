import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Meeting } from '@tintype/bindings/api';
import { Button } from '../../components/button';
import { FailureNotice } from '../../components/failure-notice';
import { CallsNotice } from './calls-notice';
import { MeetingState } from './meeting-state';
import { useMeetingList, useMeetingListOptions } from './use-meeting-list';

/** The workspace's meetings in each of their states. */
export function MeetingList() {
  const queryClient = useQueryClient();
  const { queryKey } = useMeetingListOptions();
  const list = useMeetingList();
  const meetings = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isLost = list.error?.error?.kind === 'INVALID_CURSOR';
  return (
    <>
      {list.data?.pages[0]?.canJoin === false && <CallsNotice className="mb-6" />}
      {list.isPending && (
        <div role="status" aria-label="Loading meetings" className="space-y-4">
          {['a', 'b', 'c'].map((key) => (
            <div key={key} className="developing h-20 bg-line" />
          ))}
        </div>
      )}
      {list.error && (
        <FailureNotice
          title="The meetings could not be read"
          error={list.error}
          onRetry={() => {
            if (isLost) void queryClient.resetQueries({ queryKey });
            else void list.refetch();
          }}
          className="mb-6"
        />
      )}
      {list.data && meetings.length === 0 && (
        <div className="mat px-6 py-14 text-center">
          <h2 className="font-display text-2xl tracking-tight">No meetings yet</h2>
          <p className="mx-auto mt-2 max-w-sm text-muted">
            Give the first one a title. Everybody in this workspace sees it, and can join its calls.
          </p>
        </div>
      )}
      {meetings.length > 0 && (
        <ul aria-label="Meetings" className="space-y-3">
          {meetings.map((meeting) => (
            <li key={meeting.id}>
              <MeetingRow meeting={meeting} />
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <div className="mt-8 flex justify-center">
          <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {list.isFetchingNextPage ? 'Loading…' : 'Load more'}
          </Button>
        </div>
      )}
    </>
  );
}

function MeetingRow({ meeting }: { meeting: Meeting }) {
  return (
    <Link
      to="/meetings/$meetingId"
      params={{ meetingId: meeting.id }}
      className="mat block px-5 py-4 hover:bg-sunk"
    >
      <span className="block font-display text-xl tracking-tight wrap-anywhere">
        {meeting.title}
      </span>
      <span className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
        <MeetingState meeting={meeting} />
        {meeting.createdBy && (
          <span className="text-sm text-muted wrap-anywhere">by {meeting.createdBy.name}</span>
        )}
      </span>
    </Link>
  );
}
