import { type MutationFunctionContext, skipToken } from '@tanstack/react-query';
import type { CallOptions, Contract, RichTypes, SubscribeOptions, Unsubscribe } from '../index.js';
import type { MutationSettings } from './mutation-options.js';

/** A procedure or a namespace, whose kind the method says that is called. */
export interface AnyProcedure {
  readonly [name: string]: unknown;
  query(input: unknown, options: CallOptions): Promise<unknown>;
  mutate(input: unknown, options: CallOptions): Promise<unknown>;
  subscribe(input: unknown, options: SubscribeOptions<unknown, unknown>): Unsubscribe;
}

/** What `createTanstackQuery` knows besides the client. */
export interface TanstackQueryOptions {
  /** The generated contract; with it, a mutation fetches again what it makes outdated. */
  readonly contract?: Contract | undefined;
  /** The generated rich types; with them, an input that is more than JSON can be in a key. */
  readonly rich?: Pick<RichTypes, 'encode'> | undefined;
}

interface PageOptions {
  /** What a list of pages has, and a query has not. */
  readonly cursorField?: string;
  readonly initialPageParam?: unknown;
}

interface FetchContext {
  readonly signal: AbortSignal;
  readonly pageParam?: unknown;
}

/** What `TanstackQuery` promises at a path. */
export function toolsOf(
  procedure: AnyProcedure,
  path: readonly string[],
  { contract, rich: { encode } = { encode: JSON.stringify } }: TanstackQueryOptions,
): Record<PropertyKey, unknown> {
  const key = () => [path];

  const keyOf = (type: string, input: unknown) => [
    path,
    // Plain JSON hashes and compares, whatever the input is made of, and leaves out one that is absent.
    // The answer to "no input" is not that to "no input yet".
    JSON.parse(`${encode({ type: input === skipToken ? 'skip' : type, input })}`),
  ];

  const query =
    (type: string) =>
    (input?: unknown, { cursorField, ...options }: PageOptions = {}) => {
      const page = (cursor: unknown) =>
        cursorField ? { ...Object(input), [cursorField]: cursor } : input;
      const isSkipped = input === skipToken;
      return {
        // The client has repeated already what may succeed the next time.
        retry: false,
        ...options,
        queryKey: keyOf(type, isSkipped ? input : page(options.initialPageParam)),
        queryFn: isSkipped
          ? input
          : async ({ pageParam, signal }: FetchContext) =>
              // The cache has no place for "nothing".
              (await procedure.query(page(pageParam), { signal })) ?? null,
      };
    };

  return {
    // What every object has may be the name of a procedure.
    __proto__: null,

    key,
    filter: (filters?: object) => ({ ...filters, queryKey: [path] }),

    queryKey: (input?: unknown) => keyOf('query', input),
    queryFilter: (input?: unknown, filters?: object) => ({
      ...filters,
      queryKey: keyOf('query', input),
    }),
    queryOptions: query('query'),
    infiniteQueryOptions: query('infinite'),

    mutationKey: key,
    mutationOptions: ({ invalidate = true, ...options }: MutationSettings = {}) => ({
      ...options,
      mutationKey: [path],
      mutationFn: async (input: unknown, { client }: MutationFunctionContext) => {
        // Of these, a call knows `onProgress`.
        const output = await procedure.mutate(input, options);
        const outdated = contract?.invalidates?.[path.join('.')] ?? [];
        if (invalidate) {
          // Part of the run, so that it succeeds with a page that is up to date.
          await Promise.all(
            outdated.map((query) => client.invalidateQueries({ queryKey: [query.split('.')] })),
          );
        }
        return output;
      },
    }),

    subscriptionOptions: (input?: unknown, handlers?: object) => ({
      ...handlers,
      subscriptionKey: ['events', ...keyOf('events', input)],
      subscribe:
        input === skipToken
          ? undefined
          : (options: SubscribeOptions<unknown, unknown>) => procedure.subscribe(input, options),
    }),
  };
}
