'use client';

import { hashKey, type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer, useRef } from 'react';
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

/** What was seen, and of which run of the subscription. */
type Seen<TOutput, TError> = SubscriptionState<TError> & {
  readonly round: number;
  readonly run?: string | undefined;
  readonly data: TOutput | undefined;
};

/** What a run shows. */
type Change<TOutput, TError> = { readonly run: string } & (
  | SubscriptionState<TError>
  | { readonly data: TOutput }
);

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

  const [seen, see] = useReducer(
    (seen: Seen<TOutput, TError>, change?: Change<TOutput, TError>): Seen<TOutput, TError> =>
      change?.run
        ? // What another run has shown is no part of this one.
          { ...(seen.run === change.run ? seen : CONNECTING), ...change, round: seen.round }
        : { ...CONNECTING, round: seen.round + 1 },
    { ...CONNECTING, round: 0 },
  );
  const run = options.subscribe && seen.round + hashKey(options.subscriptionKey);
  useEffect(() => {
    if (!run) return;
    return latest.current.subscribe?.({
      onData(data) {
        see({ run, data });
        const { write, into } = latest.current;
        if (into) client.setQueryData(into.queryKey, (old: never) => into.update(old, data));
        write?.(client, data);
      },
      onError(error) {
        see({ run, status: 'error', error });
        latest.current.onError?.(error);
      },
      onState: (status) => see({ run, status, error: null }),
    });
  }, [run, client]);

  return { ...(!run ? CLOSED : seen.run === run ? seen : CONNECTING), reset: see };
}
