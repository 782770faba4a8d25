import type { SubscriptionState } from '@tintype/client/react';
import type { LiveState } from './live-status';

/** How live a page is whose subscription has this status; `isPaused` says that it was meant to be closed. */
export function liveState(
  status: SubscriptionState<unknown>['status'],
  { wasLive, isPaused }: { wasLive: boolean; isPaused: boolean },
): LiveState {
  switch (status) {
    case 'open':
      return 'live';
    case 'connecting':
    case 'reconnecting':
      return wasLive ? 'reconnecting' : 'connecting';
    case 'closed':
      return isPaused ? 'paused' : 'off';
    case 'error':
      return 'off';
  }
}
