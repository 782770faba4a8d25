import type { InferDataFromTag, QueryClient, QueryKey } from '@tanstack/react-query';
import type { ApiError, SubscribeOptions, Unsubscribe } from '../index.js';
import type { SubscriptionKey } from './key.js';

/** What happens with the events of a subscription. */
export interface SubscriptionHandlers<TOutput, TError, TKey extends QueryKey> {
  /** Brings an event into the cache. */
  write?: (queryClient: QueryClient, event: TOutput) => void;
  /** Brings an event into one query of the cache. */
  into?: {
    readonly queryKey: TKey;
    /** What the query has after the event; `undefined` leaves it as it is. */
    readonly update: (
      old: InferDataFromTag<unknown, TKey> | undefined,
      event: TOutput,
    ) => InferDataFromTag<unknown, TKey> | undefined;
  };
  onError?: (error: ApiError<TError>) => void;
}

/** A subscription for `useSubscription`, and for `liveOptions` and `streamOptions`. */
export interface SubscriptionOptions<TOutput, TError> {
  /** Another key is another subscription. */
  readonly subscriptionKey: SubscriptionKey;
  /** Nothing while its input is `skipToken`. */
  readonly subscribe: ((options: SubscribeOptions<TOutput, TError>) => Unsubscribe) | undefined;
  readonly write?: (queryClient: QueryClient, event: TOutput) => void;
  readonly into?: {
    readonly queryKey: QueryKey;
    readonly update: (old: never, event: TOutput) => unknown;
  };
  readonly onError?: (error: ApiError<TError>) => void;
}
