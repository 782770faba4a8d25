import { Link } from '@tanstack/react-router';
import type { MeetingId, UserId } from '@tintype/bindings/api';
import { FailureNotice } from '../../components/failure-notice';
import { LiveStatus } from '../../components/live-status';
import { Notice } from '../../components/notice';
import { useDocumentTitle } from '../../components/use-document-title';
import { CallPanel } from './call-panel';
import { CallsNotice } from './calls-notice';
import { MeetingState } from './meeting-state';
import { peopleOf } from './people';
import { PeopleList } from './people-list';
import { useCall } from './use-call';
import { useLiveMeetings } from './use-live-meetings';
import { useMeeting } from './use-meeting';

type MeetingPageProps = {
  meetingId: MeetingId;
  me: UserId;
};

/** One meeting, live, with its call. */
export function MeetingPage({ meetingId, me }: MeetingPageProps) {
  const live = useLiveMeetings();
  const details = useMeeting(meetingId);
  const call = useCall(meetingId);
  useDocumentTitle(details.data?.meeting.title ?? 'Meeting');

  if (details.error?.error?.kind === 'MEETING_NOT_FOUND') {
    return (
      <Notice
        title="There is no such meeting"
        actions={
          <Link to="/meetings" className="link">
            To the meetings
          </Link>
        }
      >
        It belongs to another workspace, or its address is not complete.
      </Notice>
    );
  }
  if (details.data === undefined) {
    return details.error ? (
      <FailureNotice
        title="The meeting could not be read"
        error={details.error}
        onRetry={details.refetch}
      />
    ) : (
      <div role="status" aria-label="Loading the meeting" className="space-y-6">
        <div className="developing h-12 w-2/3 bg-line" />
        <div className="developing aspect-video max-w-2xl bg-line" />
      </div>
    );
  }
  const { meeting, role, canJoin } = details.data;
  return (
    <>
      <div className="mb-6">
        <Link to="/meetings" className="link mb-2 inline-block text-sm">
          All meetings
        </Link>
        <h1 className="font-display text-3xl tracking-tight wrap-anywhere">{meeting.title}</h1>
        <div className="mt-2 flex flex-wrap items-center gap-x-5 gap-y-1">
          <MeetingState meeting={meeting} />
          <LiveStatus state={live.state} onReconnect={live.reconnect} />
        </div>
      </div>
      {details.error && (
        <FailureNotice
          title="The meeting could not be read again"
          error={details.error}
          onRetry={details.refetch}
          className="mb-6"
        />
      )}
      <div className="grid gap-x-8 gap-y-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
        {canJoin ? <CallPanel call={call} /> : <CallsNotice />}
        <PeopleList
          meetingId={meetingId}
          people={peopleOf(meeting, call.room)}
          me={me}
          myRole={role}
        />
      </div>
    </>
  );
}
