import type { QueryFilters, QueryKey } from '@tanstack/react-query';

/**
 * Where the answers of a procedure are in the cache, for example
 * `[['widgets', 'list'], { type: 'query', input: { limit: 10 } }]`.
 *
 * The input is as it is on the wire, so that a key is plain JSON: it hashes, compares and survives a
 * reload whatever rich types the input has.
 */
export type ProcedureKey = readonly [
  path: readonly string[],
  question?: { readonly type: 'query' | 'infinite' | 'skip'; readonly input?: unknown },
];

/**
 * Which subscription is meant, for example `['events', ['widgets', 'changed'], { type: 'events' }]`.
 *
 * No namespace's `key()` is a prefix of it: a stream is never outdated, and whoever waited for it to
 * be fetched again would wait for its end.
 */
export type SubscriptionKey = readonly [
  'events',
  path: readonly string[],
  question: { readonly type: 'events' | 'skip'; readonly input?: unknown },
];

/** Where the events of a subscription are in the cache: the newest, or all of them. */
export type EventsKey = readonly [...subscription: SubscriptionKey, type: 'live' | 'stream'];

/** A filter of the cache that always has its key. */
export interface KeyFilter<TKey extends QueryKey> extends Omit<QueryFilters, 'queryKey'> {
  queryKey: TKey;
}

/** Options of a filter besides its key. */
export type FilterOptions = Omit<QueryFilters, 'queryKey'>;
