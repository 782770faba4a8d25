import { skipToken, useIsMutating, useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@tintype/client/react';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useApi } from '../../components/api';
import { liveState } from '../../components/live-state';

/** Reads members, invitations and the own role again whenever somebody changes them. */
export function useLiveMembers() {
  const api = useApi();
  const queryClient = useQueryClient();
  const wasLive = useRef(false);
  // The server ends the streams of a session that ends, and refuses to open them again.
  const isSigningOut = useIsMutating({ mutationKey: api.auth.logout.mutationKey() }) > 0;

  const reload = () => {
    for (const queryKey of [
      api.members.list.queryKey(),
      api.members.invitations.list.queryKey(),
      api.auth.me.queryKey(),
    ]) {
      void queryClient.invalidateQueries({ queryKey });
    }
  };
  const { status, reset } = useSubscription(
    api.members.changed.subscriptionOptions(isSigningOut ? skipToken : undefined, {
      write: () => reload(),
    }),
  );

  const onOpen = useEffectEvent(() => {
    wasLive.current = true;
    // What changed between the last reading and now was not in any stream.
    reload();
  });
  useEffect(() => {
    if (status === 'open') onOpen();
  }, [status]);

  return {
    state: liveState(status, { wasLive: wasLive.current, isPaused: isSigningOut }),
    reconnect: reset,
  };
}
