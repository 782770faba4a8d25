export { createTanstackQuery } from './create-tanstack-query.js';
export {
  type EventsOptions,
  type EventsOptionsInput,
  liveOptions,
  type StreamOptionsInput,
  streamOptions,
} from './events-options.js';
export type {
  InfiniteQueryOptions,
  InfiniteQueryOptionsInput,
  SkippableInfiniteQueryOptions,
} from './infinite-query-options.js';
export type { EventsKey, KeyFilter, ProcedureKey, SubscriptionKey } from './key.js';
export type {
  MutationOptions,
  MutationOptionsInput,
  ProcedureMutationKey,
} from './mutation-options.js';
export type {
  DefinedQueryOptions,
  DefinedQueryOptionsInput,
  QueryOptions,
  QueryOptionsInput,
  QuerySettings,
  SkippableQueryOptions,
} from './query-options.js';
export type { SubscriptionHandlers, SubscriptionOptions } from './subscription-options.js';
export type {
  MutationTools,
  Namespace,
  QueryTools,
  SubscriptionTools,
  TanstackQuery,
} from './tanstack-query.js';
export type { TanstackQueryOptions } from './tools.js';
export {
  type SubscriptionResult,
  type SubscriptionState,
  useSubscription,
} from './use-subscription.js';
