import { useSubscription } from '@trpc/tanstack-react-query';
import { useRef } from 'react';
import { readFailure } from '../../components/failure';
import { useTRPC } from '../../components/trpc';
import { useMissedEvents } from './use-missed-events';
import { useWidgetCache } from './use-widget-cache';

/** How the list hears of changes: `live`, on the way there, or not at all. */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'off';

type LiveWidgetsOptions = {
  /** Called when the session in which the stream was opened is over. */
  onSessionMissing: () => void;
  /** Called when the stream breaks, for whatever reason. */
  onInterrupted: () => void;
};

/** Keeps the cached list of widgets as it is on the server, as long as the component is shown. */
export function useLiveWidgets({ onSessionMissing, onInterrupted }: LiveWidgetsOptions) {
  const cache = useWidgetCache();
  const remember = useMissedEvents();
  const wasLive = useRef(false);
  const { status, reset } = useSubscription(
    useTRPC().widgets.changed.subscriptionOptions(undefined, {
      onStarted: () => {
        wasLive.current = true;
        // What changed between the last reading and now was not in any stream.
        void cache.reload();
      },
      onData: ({ data: event }) => {
        cache.apply(event);
        remember(event);
      },
      onConnectionStateChange: ({ state, error }) => {
        // A browser is not told why a stream was refused, so somebody has to ask.
        if (wasLive.current && state === 'connecting' && error) onInterrupted();
      },
      onError: (error) => {
        if (readFailure(error).kind === 'session-missing') onSessionMissing();
      },
    }),
  );
  return { state: stateOf(), reconnect: reset };

  function stateOf(): LiveState {
    switch (status) {
      case 'pending':
        return 'live';
      case 'connecting':
        return wasLive.current ? 'reconnecting' : 'connecting';
      case 'idle':
      case 'error':
        return 'off';
    }
  }
}
