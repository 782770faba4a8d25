import { skipToken, useIsMutating, useQueryClient } from '@tanstack/react-query';
import type { MeetingEvent } from '@tintype/bindings/api';
import { useSubscription } from '@tintype/client/react';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useApi } from '../../components/api';
import { liveState } from '../../components/live-state';
import { applyMeetingEvent } from './meeting-pages';
import { useMeetingListOptions } from './use-meeting-list';

/** Keeps cached meetings as they are on the server, as long as the component is shown. */
export function useLiveMeetings() {
  const api = useApi();
  const queryClient = useQueryClient();
  const { queryKey: list } = useMeetingListOptions();
  const wasLive = useRef(false);
  // The server ends the streams of a session that ends, and refuses to open them again.
  const isSigningOut = useIsMutating({ mutationKey: api.auth.logout.mutationKey() }) > 0;

  /** Reads them again, and drops answers to earlier readings, which may be older. */
  const reload = async (keys: readonly (readonly unknown[])[]) => {
    for (const queryKey of keys) {
      await queryClient.cancelQueries({ queryKey });
      await queryClient.invalidateQueries({ queryKey });
    }
  };

  const apply = (event: MeetingEvent) => {
    if (event.kind === 'gap') return void reload([list, api.meetings.get.queryKey()]);
    queryClient.setQueryData(list, (pages) => pages && applyMeetingEvent(pages, event));
    // What the person may do is not in the event: it is not the same for everybody.
    void reload([api.meetings.get.queryKey({ id: event.meeting.id })]);
  };

  const { status, reset } = useSubscription(
    api.meetings.changed.subscriptionOptions(isSigningOut ? skipToken : undefined, {
      write: (_, { data: event }) => apply(event),
    }),
  );

  const catchUp = useEffectEvent(() => void reload([list, api.meetings.get.queryKey()]));
  useEffect(() => {
    if (status !== 'open') return;
    wasLive.current = true;
    // What changed between the last reading and now was not in any stream.
    catchUp();
  }, [status]);

  return {
    state: liveState(status, { wasLive: wasLive.current, isPaused: isSigningOut }),
    reconnect: reset,
  };
}
