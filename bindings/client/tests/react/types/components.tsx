// Compiled, never run: what components see of a contract.
import {
  type InfiniteData,
  QueryClient,
  skipToken,
  useInfiniteQuery,
  useMutation,
  useQueries,
  useQuery,
  useSuspenseInfiniteQuery,
  useSuspenseQuery,
} from '@tanstack/react-query';
import type { ApiError, Mutation, Query, Rich, Subscription, Tracked } from '@tintype/client';
import {
  createTanstackQuery,
  liveOptions,
  type ProcedureKey,
  streamOptions,
  type TanstackQuery,
  useSubscription,
} from '@tintype/client/react';
import { assertType, type Equal } from './equal.ts';

type Widget = { id: string; createdAt: Date; views: bigint };
type WidgetPage = { items: Widget[]; next?: string };
type ListWidgets = { cursor?: string | null; limit?: number; owner?: bigint };
type ListError = { kind: 'badCursor'; cursor: string };
type WidgetError = { kind: 'nameTaken'; name: string } | { kind: 'notFound' };
type WidgetEvent = { type: 'created'; widget: Widget } | { type: 'gap' };

interface Api extends Rich {
  health: Query<void, string>;
  widgets: WidgetsApi;
}

interface WidgetsApi {
  /** The workspace's widgets, newest first. */
  // biome-ignore lint/suspicious/noConfusingVoidType: void is what lets a call leave the input out
  list: Query<ListWidgets | void, WidgetPage, ListError>;
  get: Query<{ id: string }, Widget, WidgetError>;
  /** One page of a report, by its number. */
  report: Query<{ page: number; year: number }, { rows: string[] }>;
  create: Mutation<{ name: string }, Widget, WidgetError>;
  archiveAll: Mutation<void, void>;
  changed: Subscription<void, Tracked<WidgetEvent>, ListError>;
  logs: Subscription<{ id: string; level?: string }, string>;
}

declare const client: Api;
declare const plainClient: { widgets: WidgetsApi };
const rich = { encode: (input: unknown) => JSON.stringify(input) };
const api = createTanstackQuery(client, { rich });
const queryClient = new QueryClient();

export function making() {
  assertType<Equal<typeof api, TanstackQuery<Api>>>();
  createTanstackQuery(plainClient);
  createTanstackQuery(plainClient, { contract: { invalidates: { 'widgets.create': [] } } });
  // @ts-expect-error a rich API needs its rich types, or a bigint could not be in a key
  createTanstackQuery(client);
  // @ts-expect-error also beside a contract
  createTanstackQuery(client, { contract: {} });
}

export function Queries({ id }: { id: string | undefined }) {
  const health = useQuery(api.health.queryOptions());
  assertType<Equal<typeof health.data, string | undefined>>();
  assertType<Equal<typeof health.error, ApiError<never> | null>>();

  const list = useQuery(api.widgets.list.queryOptions());
  assertType<Equal<typeof list.data, WidgetPage | undefined>>();
  assertType<Equal<typeof list.error, ApiError<ListError> | null>>();
  useQuery(api.widgets.list.queryOptions({ limit: 3, owner: 5n }));

  const suspended = useSuspenseQuery(api.widgets.get.queryOptions({ id: 'a' }));
  assertType<Equal<typeof suspended.data, Widget>>();
  assertType<Equal<typeof suspended.error, ApiError<WidgetError> | null>>();

  const selected = useQuery(
    api.widgets.list.queryOptions(undefined, { select: (page) => page.items.length }),
  );
  assertType<Equal<typeof selected.data, number | undefined>>();
  const selectedNow = useSuspenseQuery(
    api.widgets.list.queryOptions({}, { select: ({ items }) => items[0] ?? null }),
  );
  assertType<Equal<typeof selectedNow.data, Widget | null>>();

  const initial = useQuery(api.widgets.list.queryOptions({}, { initialData: { items: [] } }));
  assertType<Equal<typeof initial.data, WidgetPage>>();
  const initialCall = useQuery(
    api.widgets.list.queryOptions({}, { initialData: () => ({ items: [] }), staleTime: 5 }),
  );
  assertType<Equal<typeof initialCall.data, WidgetPage>>();
  const initialSelected = useQuery(
    api.widgets.list.queryOptions(
      {},
      { initialData: { items: [] }, select: (page) => page.items.length },
    ),
  );
  assertType<Equal<typeof initialSelected.data, number>>();
  const maybeInitial = useQuery(
    api.widgets.list.queryOptions({}, { initialData: () => undefined }),
  );
  assertType<Equal<typeof maybeInitial.data, WidgetPage | undefined>>();

  const skipped = useQuery(
    api.widgets.get.queryOptions(id === undefined ? skipToken : { id }, {
      enabled: (query) => {
        assertType<Equal<typeof query.state.data, Widget | undefined>>();
        return true;
      },
      placeholderData: (previous) => {
        assertType<Equal<typeof previous, Widget | undefined>>();
        return previous;
      },
      refetchInterval: (query) => (query.state.error?.error?.kind === 'notFound' ? false : 1000),
      retry: (count, error) => count < 2 && error.code === 'TIMEOUT',
      throwOnError: (error) => error.error?.kind === 'nameTaken',
      gcTime: 1000,
      meta: { part: 'of the page' },
      refetchOnWindowFocus: 'always',
      staleTime: 'static',
    }),
  );
  assertType<Equal<typeof skipped.data, Widget | undefined>>();
  assertType<Equal<typeof skipped.error, ApiError<WidgetError> | null>>();

  const [first, second] = useQueries({
    queries: [api.health.queryOptions(), api.widgets.get.queryOptions({ id: 'a' })],
  });
  assertType<Equal<typeof first.data, string | undefined>>();
  assertType<Equal<typeof second.data, Widget | undefined>>();
  assertType<Equal<typeof second.error, ApiError<WidgetError> | null>>();
  const all = useQueries({
    queries: ['a', 'b'].map((id) => api.widgets.get.queryOptions({ id })),
  });
  assertType<Equal<(typeof all)[number]['data'], Widget | undefined>>();

  if (list.error?.error?.kind === 'badCursor') return list.error.error.cursor;

  // @ts-expect-error an input is needed
  api.widgets.get.queryOptions();
  // @ts-expect-error and of the right type
  api.widgets.get.queryOptions({ id: 7 });
  // @ts-expect-error no such field
  api.widgets.get.queryOptions({ id: 'a', name: 'b' });
  // @ts-expect-error no such option
  api.widgets.get.queryOptions({ id: 'a' }, { cacheTime: 5 });
  // @ts-expect-error Suspense cannot wait for an input
  useSuspenseQuery(api.widgets.get.queryOptions(skipToken));
  // @ts-expect-error a mutation is no query
  api.widgets.create.queryOptions({ name: 'a' });
  // @ts-expect-error no such procedure
  api.widgets.lisst;
  return null;
}

export function InfiniteQueries() {
  const pages = useInfiniteQuery(
    api.widgets.list.infiniteQueryOptions(
      { limit: 10 },
      {
        cursorField: 'cursor',
        getNextPageParam: (last, pages, cursor) => {
          assertType<Equal<typeof last, WidgetPage>>();
          assertType<Equal<typeof pages, WidgetPage[]>>();
          assertType<Equal<typeof cursor, string | null | undefined>>();
          return last.next;
        },
      },
    ),
  );
  assertType<
    Equal<typeof pages.data, InfiniteData<WidgetPage, string | null | undefined> | undefined>
  >();
  assertType<Equal<typeof pages.error, ApiError<ListError> | null>>();

  const numbered = useSuspenseInfiniteQuery(
    api.widgets.report.infiniteQueryOptions(
      { year: 2026 },
      {
        cursorField: 'page',
        initialPageParam: 1,
        getNextPageParam: (last, _, page) => (last.rows.length > 0 ? page + 1 : undefined),
        getPreviousPageParam: (_first, _pages, page) => (page > 1 ? page - 1 : undefined),
        maxPages: 5,
      },
    ),
  );
  assertType<Equal<typeof numbered.data, InfiniteData<{ rows: string[] }, number>>>();

  const rows = useInfiniteQuery(
    api.widgets.report.infiniteQueryOptions(
      { year: 2026 },
      {
        cursorField: 'page',
        initialPageParam: 1,
        getNextPageParam: () => undefined,
        select: (data) => data.pages.flatMap((page) => page.rows),
      },
    ),
  );
  assertType<Equal<typeof rows.data, string[] | undefined>>();

  const waiting = api.widgets.report.infiniteQueryOptions(skipToken, {
    cursorField: 'page',
    initialPageParam: 1,
    getNextPageParam: () => undefined,
  });
  const waited = useInfiniteQuery(waiting);
  assertType<Equal<typeof waited.data, InfiniteData<{ rows: string[] }, number> | undefined>>();
  // @ts-expect-error Suspense cannot wait for an input
  useSuspenseInfiniteQuery(waiting);

  const report = api.widgets.report;
  const next = { getNextPageParam: () => 2 };
  // @ts-expect-error the first page needs a number
  report.infiniteQueryOptions({ year: 1 }, { cursorField: 'page', ...next });
  const from = { initialPageParam: 1, ...next };
  // @ts-expect-error the page is not part of the input
  report.infiniteQueryOptions({ year: 1, page: 1 }, { cursorField: 'page', ...from });
  // @ts-expect-error no such field
  report.infiniteQueryOptions({ year: 1 }, { cursorField: 'offset', ...from });
  // @ts-expect-error the page is a number
  report.infiniteQueryOptions({ year: 1 }, { cursorField: 'page', ...next, initialPageParam: '1' });
}

export async function throughTheQueryClient() {
  const fetched = await queryClient.fetchQuery(api.widgets.list.queryOptions({ limit: 1 }));
  assertType<Equal<typeof fetched, WidgetPage>>();
  const asked = await queryClient.query(
    api.widgets.list.queryOptions({ limit: 1 }, { select: (page) => page.items.length }),
  );
  assertType<Equal<typeof asked, number>>();
  const ensured = await queryClient.ensureQueryData(api.widgets.get.queryOptions({ id: 'a' }));
  assertType<Equal<typeof ensured, Widget>>();
  await queryClient.prefetchQuery(api.widgets.get.queryOptions({ id: 'a' }));
  const pages = await queryClient.fetchInfiniteQuery(
    api.widgets.report.infiniteQueryOptions(
      { year: 1 },
      { cursorField: 'page', initialPageParam: 1, getNextPageParam: () => undefined },
    ),
  );
  assertType<Equal<typeof pages, InfiniteData<{ rows: string[] }, number>>>();

  const cached = queryClient.getQueryData(api.widgets.list.queryKey({ limit: 1 }));
  assertType<Equal<typeof cached, WidgetPage | undefined>>();
  const state = queryClient.getQueryState(api.widgets.list.queryKey());
  assertType<Equal<NonNullable<typeof state>['error'], ApiError<ListError> | null>>();
  queryClient.setQueryData(api.widgets.list.queryOptions().queryKey, (old) => {
    assertType<Equal<typeof old, WidgetPage | undefined>>();
    return old && { ...old, items: [] };
  });
  // @ts-expect-error not what the query returns
  queryClient.setQueryData(api.widgets.list.queryKey(), 5);

  await queryClient.invalidateQueries(api.filter());
  await queryClient.invalidateQueries(api.widgets.filter({ type: 'active' }));
  await queryClient.invalidateQueries({ queryKey: api.widgets.key() });
  await queryClient.cancelQueries(api.widgets.list.filter());
  queryClient.removeQueries(api.widgets.list.queryFilter({ owner: 5n }, { stale: true }));
  // @ts-expect-error no such field
  api.widgets.list.queryFilter({ onwer: 5n });
  assertType<Equal<ReturnType<typeof api.key>, ProcedureKey>>();
}

export function Mutations() {
  const create = useMutation(
    api.widgets.create.mutationOptions({
      onMutate: (input) => {
        assertType<Equal<typeof input, { name: string }>>();
        return { undo: 5 };
      },
      onSuccess: (widget, input, before, { client }) => {
        assertType<Equal<typeof widget, Widget>>();
        assertType<Equal<typeof input, { name: string }>>();
        assertType<Equal<typeof before, { undo: number }>>();
        return client.isFetching();
      },
      onError: (error, _input, before) => {
        assertType<Equal<typeof error, ApiError<WidgetError>>>();
        assertType<Equal<typeof before, { undo: number } | undefined>>();
      },
      onSettled: (widget, error) => {
        assertType<Equal<typeof widget, Widget | undefined>>();
        assertType<Equal<typeof error, ApiError<WidgetError> | null>>();
      },
      invalidate: false,
      retry: (_count, error) => error.code === 'TRANSPORT',
      scope: { id: 'widgets' },
    }),
  );
  assertType<Equal<typeof create.data, Widget | undefined>>();
  assertType<Equal<typeof create.error, ApiError<WidgetError> | null>>();
  create.mutate({ name: 'clock' });
  create.mutate({ name: 'clock' }, { onError: (error) => error.error?.kind });
  // @ts-expect-error an input is needed
  create.mutate();

  const archive = useMutation(api.widgets.archiveAll.mutationOptions());
  archive.mutate();
  // @ts-expect-error there is no input
  archive.mutate({});
  api.widgets.create.mutationKey();
  // @ts-expect-error a query is no mutation
  api.widgets.list.mutationOptions();
}

export function Subscriptions({ id }: { id: string | undefined }) {
  const changed = useSubscription(
    api.widgets.changed.subscriptionOptions(undefined, {
      write: (queryClient, event) => {
        assertType<Equal<typeof queryClient, QueryClient>>();
        assertType<Equal<typeof event, Tracked<WidgetEvent>>>();
      },
      into: {
        queryKey: api.widgets.list.queryKey(),
        update: (old, event) => {
          assertType<Equal<typeof old, WidgetPage | undefined>>();
          assertType<Equal<typeof event, Tracked<WidgetEvent>>>();
          return old;
        },
      },
      onError: (error) => {
        assertType<Equal<typeof error, ApiError<ListError>>>();
      },
    }),
  );
  assertType<Equal<typeof changed.data, Tracked<WidgetEvent> | undefined>>();
  assertType<
    Equal<typeof changed.status, 'connecting' | 'open' | 'reconnecting' | 'closed' | 'error'>
  >();
  assertType<Equal<typeof changed.error, ApiError<ListError> | null>>();
  if (changed.status === 'error') {
    assertType<Equal<typeof changed.error, ApiError<ListError>>>();
  }
  changed.reset();
  useSubscription(api.widgets.changed.subscriptionOptions());
  useSubscription(api.widgets.logs.subscriptionOptions(id === undefined ? skipToken : { id }));

  const live = useQuery(liveOptions(api.widgets.logs.subscriptionOptions({ id: 'a' })));
  assertType<Equal<typeof live.data, string | null | undefined>>();
  const length = useQuery(
    liveOptions(api.widgets.logs.subscriptionOptions(skipToken), {
      select: (line) => line?.length ?? 0,
    }),
  );
  assertType<Equal<typeof length.data, number | undefined>>();
  const lines = useQuery(
    streamOptions(api.widgets.logs.subscriptionOptions({ id: 'a' }), { maxItems: 50 }),
  );
  assertType<Equal<typeof lines.data, string[] | undefined>>();
  const newest = useQuery(
    streamOptions(api.widgets.changed.subscriptionOptions(), { select: (all) => all[0] }),
  );
  assertType<Equal<typeof newest.error, ApiError<ListError> | null>>();
  const cached = queryClient.getQueryData(
    streamOptions(api.widgets.logs.subscriptionOptions({ id: 'a' })).queryKey,
  );
  assertType<Equal<typeof cached, string[] | undefined>>();

  api.widgets.changed.subscriptionOptions(undefined, {
    // @ts-expect-error not what the query has
    into: { queryKey: api.widgets.list.queryKey(), update: () => 5 },
  });
  // @ts-expect-error an input is needed
  api.widgets.logs.subscriptionOptions();
  // @ts-expect-error the stream stays open, and Suspense would wait for its end
  useSuspenseQuery(liveOptions(api.widgets.logs.subscriptionOptions({ id: 'a' })));
}
