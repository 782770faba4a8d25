import { useSession } from '../features/auth/use-session';
import { ChatPage } from '../features/chat/chat-page';

/** The conversations of whoever is signed in. */
export function ChatRoute() {
  const { data: session } = useSession();
  // For a moment there is nobody, and the page is being left.
  if (!session) return null;
  return <ChatPage tenantName={session.tenant.name} />;
}
