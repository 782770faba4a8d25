import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer, useRef, useState } from 'react';
import type { ApiError, ConnectionState } from '../index.js';
import type { SubscriptionOptions } from './subscription-options.js';

/** How a subscription is; `closed` when the server ended it, and while its input is `skipToken`. */
export type SubscriptionState<TError> =
  | { readonly status: ConnectionState; readonly error: null }
  | { readonly status: 'error'; readonly error: ApiError<TError> };

/** What a component sees of a subscription. */
export type SubscriptionResult<TOutput, TError> = SubscriptionState<TError> & {
  /** The newest event since the subscription began. */
  readonly data: TOutput | undefined;
  /** Begins anew, without what came before. */
  readonly reset: () => void;
};

interface Seen<TOutput, TError> {
  /** Which input, and for which time, this was seen of. */
  readonly run?: string;
  readonly data?: TOutput;
  readonly state: SubscriptionState<TError>;
}

const CONNECTING: Seen<never, never> = { state: { status: 'connecting', error: null } };
const CLOSED: Seen<never, never> = { state: { status: 'closed', error: null } };

/**
 * Keeps a subscription open as long as the component is on the page and its input is the same.
 *
 * ```ts
 * const { status } = useSubscription(
 *   api.widgets.changed.subscriptionOptions(undefined, {
 *     into: {
 *       queryKey: api.widgets.list.queryKey(),
 *       update: (old, event) => old && withChange(old, event),
 *     },
 *   }),
 * );
 * ```
 */
export function useSubscription<TOutput, TError>(
  options: SubscriptionOptions<TOutput, TError>,
  queryClient?: QueryClient,
): SubscriptionResult<TOutput, TError> {
  const client = useQueryClient(queryClient);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });

  const [round, reset] = useReducer((round: number) => round + 1, 0);
  const run = options.id && `${round} ${options.id}`;
  const [seen, setSeen] = useState<Seen<TOutput, TError>>(CONNECTING);
  useEffect(() => {
    if (!run) return;
    let over = false;
    const show = (change: Partial<Seen<TOutput, TError>>) => {
      if (!over) setSeen((seen) => ({ ...(seen.run === run ? seen : CONNECTING), ...change, run }));
    };
    const subscription = latest.current.subscribe({
      onData: (event) => {
        show({ data: event });
        latest.current.onEvent(client, event);
      },
      onError: (error) => {
        show({ state: { status: 'error', error } });
        over = true;
        latest.current.onError?.(error);
      },
      onState: (status) => show({ state: { status, error: null } }),
    });
    return () => {
      over = true;
      subscription.unsubscribe();
    };
  }, [run, client]);

  // What another run has shown is no part of this one.
  const { state, data } = !run ? CLOSED : seen.run === run ? seen : CONNECTING;
  return { ...state, data, reset };
}
