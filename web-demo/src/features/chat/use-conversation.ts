import { skipToken, useIsMutating, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ChatSessionId } from '@tintype/bindings/api';
import { useSubscription } from '@tintype/client/react';
import { useEffect, useReducer, useRef } from 'react';
import { useApi } from '../../components/api';
import { liveState } from '../../components/live-state';
import { applyChange, nothingYet } from './chat-state';

const PAGE_SIZE = 50;

/** A conversation as long as it is on the page, and the way to its older messages. */
export function useConversation(sessionId: ChatSessionId) {
  const api = useApi();
  const queryClient = useQueryClient();
  const [conversation, change] = useReducer(applyChange, nothingYet);
  const wasLive = useRef(false);
  // The server ends the streams of a session that ends, and refuses to open them again.
  const isSigningOut = useIsMutating({ mutationKey: api.auth.logout.mutationKey() }) > 0;
  const isOver = isSigningOut || conversation.phase === 'deleted';
  const { status, error, reset } = useSubscription(
    api.chat.subscribe.subscriptionOptions(isOver ? skipToken : { sessionId }, {
      write: (_, { data: event }) => change(event),
    }),
  );
  useEffect(() => {
    if (status === 'open') wasLive.current = true;
  }, [status]);
  const { isTorn } = conversation;
  useEffect(() => {
    // It begins with a snapshot, in which nothing is missing.
    if (isTorn) reset();
  }, [isTorn, reset]);

  const loadOlder = useMutation({
    mutationFn: async (cursor: string) => {
      const page = await queryClient.fetchQuery(
        api.chat.history.queryOptions({ sessionId, cursor, limit: PAGE_SIZE }),
      );
      change({ kind: 'older', messages: page.items, older: page.nextCursor });
    },
  });

  return {
    conversation,
    change,
    error,
    state: liveState(status, { wasLive: wasLive.current, isPaused: isOver }),
    reconnect: reset,
    loadOlder,
  };
}
