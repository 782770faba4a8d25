import type {
  DataTag,
  InferDataFromTag,
  QueryClient,
  QueryFunction,
  QueryKey,
  SkipToken,
} from '@tanstack/react-query';
import type { ApiError, SubscribeOptions, SubscriptionHandle } from '../index.js';
import type { EventsKey } from './key.js';
import type { LiveSettings } from './query-options.js';

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

/** A subscription for `useSubscription`. */
export interface SubscriptionOptions<TOutput, TError> {
  /** Another text is another subscription; `undefined` waits. */
  readonly id: string | undefined;
  readonly subscribe: (options: SubscribeOptions<TOutput, TError>) => SubscriptionHandle<TOutput>;
  readonly onEvent: (queryClient: QueryClient, event: TOutput) => void;
  readonly onError: ((error: ApiError<TError>) => void) | undefined;
}

/** Options of a query that is a subscription. */
export interface EventsOptionsInput<TFetched, TError, TData>
  extends LiveSettings<TFetched, ApiError<TError>> {
  select?: (data: TFetched) => TData;
}

/** Options of a query that keeps the events of a subscription. */
export interface StreamOptionsInput<TOutput, TError, TData>
  extends EventsOptionsInput<TOutput[], TError, TData> {
  /** How many of the newest events are kept: 1,000 unless set. */
  maxItems?: number;
}

/**
 * A query that is a subscription, for `useQuery`.
 *
 * It is fetching as long as the stream is open, for which Suspense would wait.
 */
export interface EventsOptions<TFetched, TError, TData> {
  queryKey: DataTag<EventsKey, TFetched, ApiError<TError>>;
  queryFn: QueryFunction<TFetched, EventsKey> | SkipToken;
  retry?: boolean | number | ((failureCount: number, error: ApiError<TError>) => boolean);
  throwOnError?: boolean | ((error: ApiError<TError>) => boolean);
  select?: (data: TFetched) => TData;
}
