import type {
  DataTag,
  InitialDataFunction,
  NetworkMode,
  NonUndefinedGuard,
  PlaceholderDataFunction,
  QueryFunction,
  QueryKey,
  QueryMeta,
  QueryState,
  SkipToken,
  StaleTime,
} from '@tanstack/react-query';
import type { ApiError } from '../index.js';
import type { ProcedureKey } from './key.js';

/**
 * What a component may say about any query, whichever procedure it is of.
 *
 * The compiler reads these once instead of once per call: none of them names a type of the procedure.
 */
export interface QuerySettings {
  gcTime?: number;
  initialDataUpdatedAt?: number | (() => number | undefined);
  meta?: QueryMeta;
  networkMode?: NetworkMode;
  refetchIntervalInBackground?: boolean;
  refetchOnMount?: boolean | 'always';
  refetchOnReconnect?: boolean | 'always';
  refetchOnWindowFocus?: boolean | 'always';
  retryDelay?: number | ((failureCount: number, error: Error) => number);
  retryOnMount?: boolean;
  structuralSharing?: boolean | ((oldData: unknown, newData: unknown) => unknown);
  subscribed?: boolean;
}

/** The part of a query in the cache that options see. */
export interface QueryView<TData, TError> {
  readonly queryKey: QueryKey;
  readonly queryHash: string;
  readonly meta: QueryMeta | undefined;
  readonly state: QueryState<TData, TError>;
}

/** Settings that may depend on what a query has fetched so far. */
export interface LiveSettings<TFetched, TError> extends QuerySettings {
  enabled?: boolean | ((query: QueryView<TFetched, TError>) => boolean);
  refetchInterval?:
    | number
    | false
    | ((query: QueryView<TFetched, TError>) => number | false | undefined);
  /**
   * How often the cache asks again after an error.
   *
   * `false` unless set: the client itself repeats what may succeed the next time, so that an error
   * that reaches the cache is an answer and is shown at once.
   */
  retry?: boolean | number | ((failureCount: number, error: TError) => boolean);
  staleTime?: StaleTime | ((query: QueryView<TFetched, TError>) => StaleTime);
  throwOnError?: boolean | ((error: TError, query: QueryView<TFetched, TError>) => boolean);
}

/** Options of one query. */
export interface QueryOptionsInput<TOutput, TError, TData>
  extends LiveSettings<TOutput, ApiError<TError>> {
  initialData?: NonUndefinedGuard<TOutput> | InitialDataFunction<NonUndefinedGuard<TOutput>>;
  placeholderData?:
    | NonUndefinedGuard<TOutput>
    | PlaceholderDataFunction<TOutput, ApiError<TError>, TOutput>;
  select?: (data: TOutput) => TData;
}

/** Options of one query that has data from the start. */
export interface DefinedQueryOptionsInput<TOutput, TError, TData>
  extends QueryOptionsInput<TOutput, TError, TData> {
  initialData: NonUndefinedGuard<TOutput> | (() => NonUndefinedGuard<TOutput>);
}

/** A query for `useQuery`, `useSuspenseQuery`, `useQueries` and the methods of the query client. */
export interface QueryOptions<TOutput, TError, TData> {
  queryKey: DataTag<ProcedureKey, TOutput, ApiError<TError>>;
  queryFn: QueryFunction<TOutput, ProcedureKey>;
  retry?: boolean | number | ((failureCount: number, error: ApiError<TError>) => boolean);
  throwOnError?: boolean | ((error: ApiError<TError>) => boolean);
  select?: (data: TOutput) => TData;
}

/** A query that has data from the start. */
export interface DefinedQueryOptions<TOutput, TError, TData>
  extends QueryOptions<TOutput, TError, TData> {
  initialData: NonUndefinedGuard<TOutput> | (() => NonUndefinedGuard<TOutput>);
}

/** A query that waits while its input is `skipToken`, which Suspense cannot show. */
export interface SkippableQueryOptions<TOutput, TError, TData>
  extends Omit<QueryOptions<TOutput, TError, TData>, 'queryFn'> {
  queryFn: QueryFunction<TOutput, ProcedureKey> | SkipToken;
}
