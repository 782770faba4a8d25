import type {
  MutationFunctionContext,
  MutationMeta,
  MutationScope,
  NetworkMode,
} from '@tanstack/react-query';
import type { ApiError, CallOptions } from '../index.js';

/** Where the runs of a procedure are in the cache, for example `[['widgets', 'create']]`. */
export type ProcedureMutationKey = readonly [path: readonly string[]];

/** What a component may say about any mutation, whichever procedure it is of. */
export interface MutationSettings {
  gcTime?: number;
  /**
   * Whether the queries that the contract declares outdated by this mutation are fetched again when
   * it succeeds, which is the default. `onSuccess` runs once they are.
   */
  invalidate?: boolean;
  meta?: MutationMeta;
  networkMode?: NetworkMode;
  /** How far an upload is; needs the `fetch` of `@tintype/client/upload`. */
  onProgress?: CallOptions['onProgress'];
  retryDelay?: number | ((failureCount: number, error: Error) => number);
  scope?: MutationScope;
}

/** What happens around a mutation, typed by its procedure. */
export interface MutationHandlers<TInput, TOutput, TError, TContext> {
  onMutate?: (input: TInput, context: MutationFunctionContext) => TContext | Promise<TContext>;
  onSuccess?: (
    output: TOutput,
    input: TInput,
    onMutateResult: TContext,
    context: MutationFunctionContext,
  ) => unknown;
  onError?: (
    error: ApiError<TError>,
    input: TInput,
    onMutateResult: TContext | undefined,
    context: MutationFunctionContext,
  ) => unknown;
  onSettled?: (
    output: TOutput | undefined,
    error: ApiError<TError> | null,
    input: TInput,
    onMutateResult: TContext | undefined,
    context: MutationFunctionContext,
  ) => unknown;
}

/** Options of one mutation. */
export interface MutationOptionsInput<TInput, TOutput, TError, TContext>
  extends MutationSettings,
    MutationHandlers<TInput, TOutput, TError, TContext> {
  retry?: boolean | number | ((failureCount: number, error: ApiError<TError>) => boolean);
  throwOnError?: boolean | ((error: ApiError<TError>) => boolean);
}

/** A mutation for `useMutation`. */
export interface MutationOptions<TInput, TOutput, TError, TContext>
  extends MutationHandlers<TInput, TOutput, TError, TContext> {
  mutationKey: ProcedureMutationKey;
  mutationFn: (input: TInput, context: MutationFunctionContext) => Promise<TOutput>;
}
