import {
  hashKey,
  type MutationFunctionContext,
  type QueryClient,
  type QueryKey,
  type SkipToken,
  skipToken,
} from '@tanstack/react-query';
import type {
  CallOptions,
  Contract,
  RichTypes,
  SubscribeOptions,
  SubscriptionHandle,
} from '../index.js';

/** A procedure or a namespace, whose kind the method says that is called. */
export interface AnyProcedure {
  readonly [name: string]: unknown;
  query(input: unknown, options: CallOptions): Promise<unknown>;
  mutate(input: unknown): Promise<unknown>;
  subscribe(
    input: unknown,
    options: SubscribeOptions<unknown, unknown>,
  ): SubscriptionHandle<unknown>;
}

/** What `createTanstackQuery` knows besides the client. */
export interface TanstackQueryOptions {
  /** The generated contract; with it, a mutation fetches again what it makes outdated. */
  readonly contract?: Contract | undefined;
  /** The generated rich types; with them, an input that is more than JSON can be in a key. */
  readonly rich?: Pick<RichTypes, 'encode'> | undefined;
}

interface FetchContext {
  readonly client: QueryClient;
  readonly queryKey: QueryKey;
  readonly signal: AbortSignal;
  readonly pageParam?: unknown;
}

interface PageOptions {
  readonly cursorField: string;
  readonly initialPageParam?: unknown;
}

type SuccessEvent = [
  output: unknown,
  input: unknown,
  onMutateResult: unknown,
  context: MutationFunctionContext,
];

interface RunOptions {
  readonly invalidate?: boolean;
  readonly onSuccess?: (...event: SuccessEvent) => unknown;
}

interface Handlers {
  readonly write?: (queryClient: QueryClient, event: unknown) => void;
  readonly into?: {
    readonly queryKey: QueryKey;
    readonly update: (old: unknown, event: unknown) => unknown;
  };
  readonly onError?: (error: unknown) => void;
}

interface StreamOptions {
  readonly maxItems?: number;
}

/** What `TanstackQuery` promises at a path. */
export function toolsOf(
  procedure: AnyProcedure,
  path: readonly string[],
  { contract, rich }: TanstackQueryOptions,
): Record<PropertyKey, unknown> {
  const prefix = () => [path];

  // Plain JSON hashes and compares, whatever the input is made of.
  const onWire = (input: unknown) =>
    input === undefined
      ? {}
      : { input: JSON.parse((rich ? rich.encode(input) : JSON.stringify(input)) ?? 'null') };

  // A key of its own while there is no input: the answer to "none" is not that to "not yet".
  const keyOf = (type: string, input: unknown) => [
    path,
    input === skipToken ? { type: 'skip' } : { type, ...onWire(input) },
  ];

  const queryOf = (
    queryKey: QueryKey,
    input: unknown,
    options: object | undefined,
    fetch: (context: FetchContext) => unknown,
  ) => ({
    // The client has repeated already what may succeed the next time.
    retry: false,
    ...options,
    queryKey,
    queryFn: input === skipToken ? input : fetch,
  });

  const eventsOf = <TData>(
    type: string,
    input: unknown,
    options: object | undefined,
    none: TData,
    add: (data: TData, event: unknown) => TData,
  ) =>
    queryOf(
      input === skipToken ? ['skip', path] : [type, path, onWire(input)],
      input,
      // As new as can be while it is open, and opened again by whoever comes next.
      { staleTime: Infinity, refetchOnMount: 'always', structuralSharing: false, ...options },
      async ({ client, queryKey, signal }) => {
        let data = none;
        for await (const event of procedure.subscribe(input, { signal })) {
          data = add(data, event);
          client.setQueryData(queryKey, data);
        }
        return data;
      },
    );

  return {
    // What every object has may be the name of a procedure.
    __proto__: null,

    key: prefix,
    filter: (filters?: object) => ({ ...filters, queryKey: prefix() }),

    queryKey: (input?: unknown) => keyOf('query', input),
    queryFilter: (input?: unknown, filters?: object) => ({
      ...filters,
      queryKey: keyOf('query', input),
    }),
    queryOptions: (input?: unknown, options?: object) =>
      queryOf(
        keyOf('query', input),
        input,
        options,
        async ({ signal }) =>
          // The cache has no place for "nothing".
          (await procedure.query(input, { signal })) ?? null,
      ),
    infiniteQueryOptions: (input: object | SkipToken, { cursorField, ...options }: PageOptions) => {
      const page = (cursor: unknown) => ({ ...Object(input), [cursorField]: cursor });
      const first = input === skipToken ? input : page(options.initialPageParam);
      return {
        initialPageParam: undefined,
        ...queryOf(keyOf('infinite', first), input, options, ({ pageParam, signal }) =>
          procedure.query(page(pageParam), { signal }),
        ),
      };
    },

    mutationKey: prefix,
    mutationOptions: (options: RunOptions = {}) => ({
      ...options,
      mutationKey: prefix(),
      mutationFn: (input: unknown) => procedure.mutate(input),
      onSuccess: async (...event: SuccessEvent) => {
        const outdated =
          options.invalidate === false ? [] : (contract?.invalidates?.[path.join('.')] ?? []);
        await Promise.all(
          outdated.map((query) =>
            event[3].client.invalidateQueries({ queryKey: [query.split('.')] }),
          ),
        );
        return options.onSuccess?.(...event);
      },
    }),

    subscriptionOptions: (input: unknown, handlers: Handlers = {}) => ({
      id: input === skipToken ? undefined : hashKey([path, onWire(input)]),
      subscribe: (options: SubscribeOptions<unknown, unknown>) =>
        procedure.subscribe(input, options),
      onEvent: (queryClient: QueryClient, event: unknown) => {
        const { write, into } = handlers;
        write?.(queryClient, event);
        if (into) queryClient.setQueryData(into.queryKey, (old) => into.update(old, event));
      },
      onError: handlers.onError,
    }),
    liveOptions: (input?: unknown, options?: object) =>
      eventsOf<unknown>('live', input, options, null, (_, event) => event ?? null),
    streamOptions: (input?: unknown, { maxItems = 1000, ...options }: StreamOptions = {}) => {
      if (!(maxItems >= 1)) throw new RangeError(`maxItems is ${maxItems}: keep at least 1 event`);
      return eventsOf<unknown[]>('stream', input, options, [], (events, event) =>
        [...events, event].slice(-maxItems),
      );
    },
  };
}
