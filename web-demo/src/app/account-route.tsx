import { AccountPage } from '../features/account/account-page';
import { useSession } from '../features/auth/use-session';
import { useLiveMembers } from '../features/members/use-live-members';

/** The account of whoever is signed in. */
export function AccountRoute() {
  const { data: session } = useSession();
  // Its stream ends with the session, so that this page is left at once when another window ends it.
  useLiveMembers();
  // For a moment there is nobody, and the page is being left.
  if (!session) return null;
  return <AccountPage user={session.user} />;
}
