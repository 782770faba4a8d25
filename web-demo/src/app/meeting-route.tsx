import { useParams } from '@tanstack/react-router';
import type { MeetingId } from '@tintype/bindings/api';
import { useSession } from '../features/auth/use-session';
import { MeetingPage } from '../features/meetings/meeting-page';

/** The meeting that the address names. */
export function MeetingRoute() {
  const { data: session } = useSession();
  const { meetingId } = useParams({ strict: false });
  if (!session || meetingId === undefined) return null;
  // Another meeting is another page, whose call is not this one.
  return <MeetingPage key={meetingId} meetingId={meetingId as MeetingId} me={session.user.id} />;
}
