import { useSession } from '../features/auth/use-session';
import { WidgetsPage } from '../features/widgets/widgets-page';

/** The widgets of whoever is signed in. */
export function WidgetsRoute() {
  const { data: session } = useSession();
  // For a moment there is nobody, and the page is being left.
  if (!session) return null;
  return <WidgetsPage tenantName={session.tenant.name} />;
}
