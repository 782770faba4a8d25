export { createTanstackQuery } from './create-tanstack-query.js';
export type {
  InfiniteQueryOptions,
  InfiniteQueryOptionsInput,
  SkippableInfiniteQueryOptions,
} from './infinite-query-options.js';
export type { EventsKey, KeyFilter, ProcedureKey } from './key.js';
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
export type {
  EventsOptions,
  EventsOptionsInput,
  StreamOptionsInput,
  SubscriptionHandlers,
  SubscriptionOptions,
} from './subscription-options.js';
export type {
  MutationTools,
  Namespace,
  QueryTools,
  SubscriptionTools,
  TanstackQuery,
} from './tanstack-query.js';
export type { TanstackQueryOptions } from './tools.js';
export { type SubscriptionResult, useSubscription } from './use-subscription.js';
