'use client';

import { hashKey, type QueryClient, skipToken, useQueryClient } from '@tanstack/react-query';
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

/** What was seen, and of which subscription. */
type Seen<TOutput, TError> = SubscriptionState<TError> & {
  readonly run?: string | undefined;
  readonly data: TOutput | undefined;
};

const CONNECTING = { status: 'connecting', error: null, data: undefined } as const;
const CLOSED = { ...CONNECTING, status: 'closed' } as const;

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
  const { subscribe, subscriptionKey } = options;
  const run = subscribe === skipToken ? undefined : round + hashKey(subscriptionKey);
  const [seen, setSeen] = useState<Seen<TOutput, TError>>(CONNECTING);
  useEffect(() => {
    const { subscribe } = latest.current;
    if (subscribe === skipToken) return;
    let over = false;
    const show = (change: SubscriptionState<TError> | { data: TOutput }) => {
      // What another run has shown is no part of this one.
      if (!over) setSeen((seen) => ({ ...(seen.run === run ? seen : CONNECTING), ...change, run }));
    };
    const unsubscribe = subscribe({
      onData(data) {
        show({ data });
        const { write, into } = latest.current;
        if (into) client.setQueryData(into.queryKey, (old: never) => into.update(old, data));
        write?.(client, data);
      },
      onError(error) {
        show({ status: 'error', error });
        latest.current.onError?.(error);
      },
      onState: (status) => show({ status, error: null }),
    });
    return () => {
      over = true;
      unsubscribe();
    };
  }, [run, client]);

  return { ...(!run ? CLOSED : seen.run === run ? seen : CONNECTING), reset };
}
