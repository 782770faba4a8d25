import { LiveStatus } from '../../components/live-status';
import { useDocumentTitle } from '../../components/use-document-title';
import { MeetingList } from './meeting-list';
import { NewMeetingForm } from './new-meeting-form';
import { useLiveMeetings } from './use-live-meetings';

/** The meetings of the workspace, live. */
export function MeetingsPage({ tenantName }: { tenantName: string }) {
  useDocumentTitle('Meetings');
  const live = useLiveMeetings();
  return (
    <>
      <div className="mb-8">
        <p className="eyebrow wrap-anywhere">{tenantName}</p>
        <div className="mt-1 flex flex-wrap items-baseline gap-x-4 gap-y-1">
          <h1 className="font-display text-4xl tracking-tight">Meetings</h1>
          <LiveStatus state={live.state} onReconnect={live.reconnect} />
        </div>
      </div>
      <div className="mb-8">
        <NewMeetingForm />
      </div>
      <MeetingList />
    </>
  );
}
