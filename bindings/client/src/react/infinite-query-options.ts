import type {
  DataTag,
  GetNextPageParamFunction,
  GetPreviousPageParamFunction,
  InfiniteData,
  QueryFunction,
  SkipToken,
} from '@tanstack/react-query';
import type { ApiError } from '../index.js';
import type { ProcedureKey } from './key.js';
import type { LiveSettings } from './query-options.js';

/** The fields of an input; any of them can say which page is meant. */
export type FieldOf<TInput> = keyof Given<TInput> & string;

/** What such a field may be. */
export type PageParam<TInput, TField extends FieldOf<TInput>> = Given<TInput>[TField];

/** The input without the field that says which page is meant. */
export type PageInput<TInput, TField extends FieldOf<TInput>> = Omit<Given<TInput>, TField>;

// biome-ignore lint/suspicious/noConfusingVoidType: an input that may be left out is a union with void
type Given<TInput> = Exclude<TInput, void | null | undefined>;

/** Options of one list of pages. */
export type InfiniteQueryOptionsInput<
  TInput,
  TOutput,
  TError,
  TData,
  TField extends FieldOf<TInput>,
> = InfiniteSettings<TOutput, TError, TData, TField, PageParam<TInput, TField>> &
  (undefined extends PageParam<TInput, TField>
    ? { initialPageParam?: PageParam<TInput, TField> }
    : { initialPageParam: PageParam<TInput, TField> });

interface InfiniteSettings<TOutput, TError, TData, TField, TPageParam>
  extends LiveSettings<InfiniteData<TOutput, TPageParam>, ApiError<TError>> {
  /** The field of the input that says which page is meant, for example `'cursor'`. */
  cursorField: TField;
  /** The value of that field for the page after the last one; nothing if there is none. */
  getNextPageParam: GetNextPageParamFunction<TPageParam, TOutput>;
  getPreviousPageParam?: GetPreviousPageParamFunction<TPageParam, TOutput>;
  initialData?:
    | InfiniteData<TOutput, TPageParam>
    | (() => InfiniteData<TOutput, TPageParam> | undefined);
  maxPages?: number;
  placeholderData?:
    | InfiniteData<TOutput, TPageParam>
    | ((
        previous: InfiniteData<TOutput, TPageParam> | undefined,
      ) => InfiniteData<TOutput, TPageParam> | undefined);
  select?: (data: InfiniteData<TOutput, TPageParam>) => TData;
}

/** A list of pages for `useInfiniteQuery`, `useSuspenseInfiniteQuery` and the query client. */
export interface InfiniteQueryOptions<TOutput, TError, TData, TPageParam> {
  queryKey: DataTag<ProcedureKey, InfiniteData<TOutput, TPageParam>, ApiError<TError>>;
  queryFn: QueryFunction<TOutput, ProcedureKey, TPageParam>;
  getNextPageParam: GetNextPageParamFunction<TPageParam, TOutput>;
  getPreviousPageParam?: GetPreviousPageParamFunction<TPageParam, TOutput>;
  initialPageParam: TPageParam;
  retry?: boolean | number | ((failureCount: number, error: ApiError<TError>) => boolean);
  throwOnError?: boolean | ((error: ApiError<TError>) => boolean);
  select?: (data: InfiniteData<TOutput, TPageParam>) => TData;
}

/** A list of pages that waits while its input is `skipToken`, which Suspense cannot show. */
export interface SkippableInfiniteQueryOptions<TOutput, TError, TData, TPageParam>
  extends Omit<InfiniteQueryOptions<TOutput, TError, TData, TPageParam>, 'queryFn'> {
  queryFn: QueryFunction<TOutput, ProcedureKey, TPageParam> | SkipToken;
}
