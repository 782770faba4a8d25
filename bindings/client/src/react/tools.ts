import { type MutationFunctionContext, skipToken } from '@tanstack/react-query';
import type { CallOptions, Contract, RichTypes, SubscribeOptions, Unsubscribe } from '../index.js';
import type { MutationSettings } from './mutation-options.js';

/** A procedure or a namespace, whose kind the method says that is called. */
export interface AnyProcedure {
  readonly [name: string]: unknown;
  query(input: unknown, options: CallOptions): Promise<unknown>;
  mutate(input: unknown): Promise<unknown>;
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
  readonly cursorField: string;
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
  { contract, rich }: TanstackQueryOptions,
): Record<PropertyKey, unknown> {
  const question = (type: string, input: unknown) => {
    // Plain JSON hashes and compares, whatever the input is made of; for none there is no text.
    const text = rich ? rich.encode(input) : JSON.stringify(input);
    return {
      // The answer to "no input" is not that to "no input yet".
      type: input === skipToken ? 'skip' : type,
      ...(text && { input: JSON.parse(text) }),
    };
  };

  const key = () => [path];

  const filter = (filters?: object, ...question: object[]) => ({
    ...filters,
    queryKey: [path, ...question],
  });

  const unlessSkipped = <TFunction>(input: unknown, then: TFunction) =>
    input === skipToken ? input : then;

  const query = (
    type: string,
    input: unknown,
    options: object | undefined,
    ask: (context: FetchContext) => unknown,
    first = input,
  ) => ({
    // The client has repeated already what may succeed the next time.
    retry: false,
    ...options,
    queryKey: [path, question(type, first)],
    queryFn: unlessSkipped(input, ask),
  });

  return {
    // What every object has may be the name of a procedure.
    __proto__: null,

    key,
    filter,

    queryKey: (input?: unknown) => [path, question('query', input)],
    queryFilter: (input?: unknown, filters?: object) => filter(filters, question('query', input)),
    queryOptions: (input?: unknown, options?: object) =>
      query(
        'query',
        input,
        options,
        async ({ signal }) =>
          // The cache has no place for "nothing".
          (await procedure.query(input, { signal })) ?? null,
      ),
    infiniteQueryOptions: (input: unknown, { cursorField, ...options }: PageOptions) => {
      const page = (cursor: unknown) => ({ ...Object(input), [cursorField]: cursor });
      return query(
        'infinite',
        input,
        options,
        ({ pageParam, signal }) => procedure.query(page(pageParam), { signal }),
        unlessSkipped(input, page(options.initialPageParam)),
      );
    },

    mutationKey: key,
    mutationOptions: (options?: MutationSettings) => ({
      ...options,
      mutationKey: [path],
      mutationFn: async (input: unknown, { client }: MutationFunctionContext) => {
        const output = await procedure.mutate(input);
        const outdated = options?.invalidate !== false && contract?.invalidates?.[path.join('.')];
        // Part of the run, so that it succeeds with a page that is up to date.
        await Promise.all(
          (outdated || []).map((query) =>
            client.invalidateQueries({ queryKey: [query.split('.')] }),
          ),
        );
        return output;
      },
    }),

    subscriptionOptions: (input?: unknown, handlers?: object) => ({
      ...handlers,
      subscriptionKey: ['events', path, question('events', input)],
      subscribe: unlessSkipped(input, (options: SubscribeOptions<unknown, unknown>) =>
        procedure.subscribe(input, options),
      ),
    }),
  };
}
