import {
  type DataTag,
  type QueryFunction,
  type QueryFunctionContext,
  type SkipToken,
  skipToken,
} from '@tanstack/react-query';
import type { ApiError } from '../index.js';
import type { EventsKey } from './key.js';
import type { LiveSettings } from './query-options.js';
import type { SubscriptionOptions } from './subscription-options.js';

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

/**
 * Makes a query of a subscription, whose data is the newest event: `null` if it ended without one.
 *
 * ```ts
 * const { data: price } = useQuery(liveOptions(api.prices.changed.subscriptionOptions({ id })));
 * ```
 */
export function liveOptions<TOutput, TError, TData = TOutput | null>(
  subscription: SubscriptionOptions<TOutput, TError>,
  options?: EventsOptionsInput<TOutput | null, TError, TData>,
): EventsOptions<TOutput | null, TError, TData>;
export function liveOptions(subscription: AnySubscription, options?: object): object {
  return eventsOptions<unknown>('live', subscription, options, null, (_, event) => event);
}

/**
 * Makes a query of a subscription, whose data is every event since it was opened, up to a limit.
 *
 * ```ts
 * const { data: lines } = useQuery(streamOptions(api.jobs.log.subscriptionOptions({ id })));
 * ```
 */
export function streamOptions<TOutput, TError, TData = TOutput[]>(
  subscription: SubscriptionOptions<TOutput, TError>,
  options?: StreamOptionsInput<TOutput, TError, TData>,
): EventsOptions<TOutput[], TError, TData>;
export function streamOptions(
  subscription: AnySubscription,
  { maxItems = 1000, ...options }: { maxItems?: number } = {},
): object {
  if (!(maxItems >= 1)) {
    throw new RangeError(`maxItems is ${maxItems}: keep at least 1 event`);
  }
  return eventsOptions<unknown[]>('stream', subscription, options, [], (events, event) =>
    [...events, event].slice(-maxItems),
  );
}

type AnySubscription = SubscriptionOptions<unknown, unknown>;

function eventsOptions<TFetched>(
  type: EventsKey[3],
  { subscriptionKey, subscribe }: AnySubscription,
  options: object | undefined,
  none: TFetched,
  add: (data: TFetched, event: unknown) => TFetched,
): object {
  return {
    // The subscription has tried again already where that may help.
    retry: false,
    // Whoever comes after its end opens the stream again.
    staleTime: 0,
    // A list and the same list moved on by one have nothing in common that is worth the search.
    structuralSharing: false,
    ...options,
    queryKey: [...subscriptionKey, type],
    queryFn: !subscribe
      ? skipToken
      : ({ client, queryKey, signal }: QueryFunctionContext) =>
          new Promise((resolve, reject) => {
            let data = none;
            subscribe({
              signal,
              onData(event) {
                data = add(data, event);
                client.setQueryData(queryKey, data);
              },
              onError: reject,
              onComplete: () => resolve(data),
            });
          }),
  };
}
