import { useSession } from '../features/auth/use-session';
import { MeetingsPage } from '../features/meetings/meetings-page';

/** The meetings of whoever is signed in. */
export function MeetingsRoute() {
  const { data: session } = useSession();
  // For a moment there is nobody, and the page is being left.
  if (!session) return null;
  return <MeetingsPage tenantName={session.tenant.name} />;
}
