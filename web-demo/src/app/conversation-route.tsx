import { useParams } from '@tanstack/react-router';
import type { ChatSessionId } from '@tintype/bindings/api';
import { useSession } from '../features/auth/use-session';
import { ConversationPage } from '../features/chat/conversation-page';

/** The conversation that the address names. */
export function ConversationRoute() {
  const { data: session } = useSession();
  const { sessionId } = useParams({ strict: false });
  if (!session || sessionId === undefined) return null;
  // Another conversation is another page, which knows nothing of this one.
  return (
    <ConversationPage key={sessionId} sessionId={sessionId as ChatSessionId} me={session.user.id} />
  );
}
