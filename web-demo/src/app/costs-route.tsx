import { useSession } from '../features/auth/use-session';
import { CostsPage } from '../features/costs/costs-page';

/** What AI costs the workspace of whoever is signed in. */
export function CostsRoute() {
  const { data: session } = useSession();
  // For a moment there is nobody, and the page is being left.
  if (!session) return null;
  return <CostsPage tenantName={session.tenant.name} isOwner={session.user.role === 'owner'} />;
}
