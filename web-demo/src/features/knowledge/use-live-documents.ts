import { skipToken, useIsMutating } from '@tanstack/react-query';
import { useSubscription } from '@tintype/client/react';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useApi } from '../../components/api';
import { liveState } from '../../components/live-state';
import { useDocumentCache } from './use-document-cache';
import { useMissedDocuments } from './use-missed-documents';

/** Keeps the cached documents as they are on the server, as long as the component is shown. */
export function useLiveDocuments() {
  const api = useApi();
  const cache = useDocumentCache();
  const remember = useMissedDocuments();
  const wasLive = useRef(false);
  // The server ends the streams of a session that ends, and refuses to open them again.
  const isSigningOut = useIsMutating({ mutationKey: api.auth.logout.mutationKey() }) > 0;
  const { status, reset } = useSubscription(
    api.knowledge.changed.subscriptionOptions(isSigningOut ? skipToken : undefined, {
      write: (_, { data: event }) => {
        cache.apply(event);
        remember(event);
      },
    }),
  );

  const reload = useEffectEvent(() => void cache.reload());
  useEffect(() => {
    if (status !== 'open') return;
    wasLive.current = true;
    // What changed between the last reading and now was not in any stream.
    reload();
  }, [status]);

  return {
    state: liveState(status, { wasLive: wasLive.current, isPaused: isSigningOut }),
    reconnect: reset,
  };
}
