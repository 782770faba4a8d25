import { useSession } from '../features/auth/use-session';
import { MembersPage } from '../features/members/members-page';
import { useLiveMembers } from '../features/members/use-live-members';

/** Who belongs to the workspace of whoever is signed in. */
export function MembersRoute() {
  const { data: session } = useSession();
  const live = useLiveMembers();
  // For a moment there is nobody, and the page is being left.
  if (!session) return null;
  return (
    <MembersPage
      tenantName={session.tenant.name}
      userId={session.user.id}
      isOwner={session.user.role === 'owner'}
      live={live}
    />
  );
}
