import type { DataTag, InfiniteData, SkipToken } from '@tanstack/react-query';
import type { ApiError, Mutation, Query, Subscription } from '../index.js';
import type {
  FieldOf,
  InfiniteQueryOptions,
  InfiniteQueryOptionsInput,
  PageInput,
  PageParam,
  SkippableInfiniteQueryOptions,
} from './infinite-query-options.js';
import type { FilterOptions, KeyFilter, ProcedureKey } from './key.js';
import type {
  MutationOptions,
  MutationOptionsInput,
  ProcedureMutationKey,
} from './mutation-options.js';
import type {
  DefinedQueryOptions,
  DefinedQueryOptionsInput,
  QueryOptions,
  QueryOptionsInput,
  SkippableQueryOptions,
} from './query-options.js';
import type { SubscriptionHandlers, SubscriptionOptions } from './subscription-options.js';

/** The procedures of a contract as TanStack Query takes them. */
export type TanstackQuery<TApi> = Namespace & {
  readonly [TName in keyof TApi]: Tools<TApi[TName]>;
};

type Tools<TMember> =
  TMember extends Query<infer TInput, infer TOutput, infer TError>
    ? QueryTools<TInput, TOutput, TError>
    : TMember extends Mutation<infer TInput, infer TOutput, infer TError>
      ? MutationTools<TInput, TOutput, TError>
      : TMember extends Subscription<infer TInput, infer TOutput, infer TError>
        ? SubscriptionTools<TInput, TOutput, TError>
        : TanstackQuery<TMember>;

/** What every level of a contract has. */
export interface Namespace {
  /** The key that begins the keys of all queries at this level and below. */
  key(): ProcedureKey;
  /** The filter of all queries at this level and below, for example to invalidate them. */
  filter(filters?: FilterOptions): KeyFilter<ProcedureKey>;
}

/** A query as TanStack Query takes it. */
export interface QueryTools<TInput, TOutput, TError> extends Namespace {
  /** Options for `useQuery`, `useSuspenseQuery`, `useQueries` and the query client. */
  queryOptions<TData = TOutput>(
    input: TInput,
    options: DefinedQueryOptionsInput<TOutput, TError, TData>,
  ): DefinedQueryOptions<TOutput, TError, TData>;
  queryOptions<TData = TOutput>(
    input: TInput,
    options?: QueryOptionsInput<TOutput, TError, TData>,
  ): QueryOptions<TOutput, TError, TData>;
  queryOptions<TData = TOutput>(
    input: TInput | SkipToken,
    options?: QueryOptionsInput<TOutput, TError, TData>,
  ): SkippableQueryOptions<TOutput, TError, TData>;

  /** Options for `useInfiniteQuery`; any field of the input can say which page is meant. */
  infiniteQueryOptions<
    TField extends FieldOf<TInput>,
    TData = InfiniteData<TOutput, PageParam<TInput, TField>>,
  >(
    input: PageInput<TInput, TField>,
    options: InfiniteQueryOptionsInput<TInput, TOutput, TError, TData, TField>,
  ): InfiniteQueryOptions<TOutput, TError, TData, PageParam<TInput, TField>>;
  infiniteQueryOptions<
    TField extends FieldOf<TInput>,
    TData = InfiniteData<TOutput, PageParam<TInput, TField>>,
  >(
    input: PageInput<TInput, TField> | SkipToken,
    options: InfiniteQueryOptionsInput<TInput, TOutput, TError, TData, TField>,
  ): SkippableInfiniteQueryOptions<TOutput, TError, TData, PageParam<TInput, TField>>;

  /** The key of the answer to `input`; without one, the key that begins all of them. */
  queryKey(input?: TInput): DataTag<ProcedureKey, TOutput, ApiError<TError>>;
  /** The filter of the answers to every input that has what `input` has. */
  queryFilter(
    input?: Partial<TInput>,
    filters?: FilterOptions,
  ): KeyFilter<DataTag<ProcedureKey, TOutput, ApiError<TError>>>;
}

/** A mutation as TanStack Query takes it. */
export interface MutationTools<TInput, TOutput, TError> {
  /** Options for `useMutation`. */
  mutationOptions<TContext = unknown>(
    options?: MutationOptionsInput<TInput, TOutput, TError, TContext>,
  ): MutationOptions<TInput, TOutput, TError, TContext>;
  /** The key of all runs, for example for `useIsMutating`. */
  mutationKey(): ProcedureMutationKey;
}

/** A subscription as TanStack Query takes it. */
export interface SubscriptionTools<TInput, TOutput, TError> {
  /** Options for `useSubscription`, `liveOptions` and `streamOptions`. */
  subscriptionOptions<TKey extends readonly unknown[] = ProcedureKey>(
    input: TInput | SkipToken,
    handlers?: SubscriptionHandlers<TOutput, TError, TKey>,
  ): SubscriptionOptions<TOutput, TError>;
}
