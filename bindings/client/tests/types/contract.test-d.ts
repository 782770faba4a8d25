import type {
  ApiError,
  Call,
  ErrorOf,
  InputOf,
  Mutation,
  OutputOf,
  Query,
  Rich,
  RichTypes,
  Subscription,
  Tracked,
  Unsubscribe,
} from '@tintype/client';
import {
  createClient,
  eventsOf,
  fetchWithContract,
  http,
  isApiError,
  onAuthLost,
  postLongQueries,
  safe,
} from '@tintype/client';
import { links } from '@tintype/client/links';
import { richTypes } from '@tintype/client/rich';
import { streamBatch } from '@tintype/client/stream';
import { fetchWithProgress, uploads } from '@tintype/client/upload';
import { webSocket } from '@tintype/client/websocket';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only for what is true. */
function isTrue<_ extends true>(): void {}

interface Widget {
  id: string;
  createdAt: Date;
}
type CreateError = { kind: 'NAME_TAKEN'; name: string } | { kind: 'TOO_MANY'; limit: number };
interface WidgetsApi {
  // biome-ignore lint/suspicious/noConfusingVoidType: the input may be left out
  list: Query<{ limit: number } | void, Widget[]>;
  get: Query<{ id: string }, Widget, { kind: 'NOT_FOUND' }>;
  create: Mutation<{ name: string }, Widget, CreateError>;
  changed: Subscription<void, Tracked<Widget>, { kind: 'GONE' }>;
  logs: Subscription<{ id: string }, string>;
}
interface Api {
  health: Query<void, string>;
  widgets: WidgetsApi;
}
interface RichApi extends Api, Rich {}

declare const rich: RichTypes;
const api = createClient<Api>(http, { url: '/trpc' });

// The client is the API, with no type in between.
isTrue<Equal<typeof api, Api>>();
isTrue<Equal<ReturnType<typeof api.widgets.create.mutate>, Call<Widget, CreateError>>>();

export async function calls(): Promise<void> {
  const health: string = await api.health.query();
  await api.health.query(undefined, { signal: AbortSignal.timeout(1000) });
  await api.widgets.list.query();
  const widgets = await api.widgets.list.query({ limit: 1 });
  isTrue<Equal<typeof widgets, Widget[]>>();

  // @ts-expect-error the input is required
  await api.widgets.get.query();
  // @ts-expect-error the input is an object with an id
  await api.widgets.get.query({ identifier: health });
  // @ts-expect-error a mutation is not queried
  await api.widgets.create.query({ name: 'clock' });
  // @ts-expect-error there is no such procedure
  await api.widgets.remove.mutate({ id: '1' });

  const [widget, error] = await safe(api.widgets.create.mutate({ name: 'clock' }));
  if (error) {
    isTrue<Equal<typeof widget, undefined>>();
    isTrue<Equal<typeof error, ApiError<CreateError>>>();
    if (error.error?.kind === 'NAME_TAKEN') {
      const name: string = error.error.name;
      // @ts-expect-error the other variant has the limit
      const limit: number = error.error.limit;
      console.log(name, limit);
    }
  } else {
    isTrue<Equal<typeof widget, Widget>>();
  }

  const [text, never] = await safe(api.health.query());
  isTrue<Equal<typeof text, string | undefined>>();
  isTrue<Equal<typeof never, ApiError<never> | undefined>>();

  try {
    await api.health.query();
  } catch (error) {
    if (isApiError(error)) {
      isTrue<Equal<typeof error, ApiError>>();
      isTrue<Equal<typeof error.error, unknown>>();
      if (error.code === 'UNAUTHORIZED' || error.code === 'TRANSPORT') {
        console.log(error.validation?.[0]?.path, error.logId);
      }
      // @ts-expect-error there is no such code
      console.log(error.code === 'TEAPOT');
    }
  }
}

export async function subscriptions(): Promise<void> {
  for await (const { id, data } of eventsOf(api.widgets.changed)) {
    isTrue<Equal<typeof id, string>>();
    isTrue<Equal<typeof data, Widget>>();
  }
  for await (const line of eventsOf(api.widgets.logs, { id: '1' }, { maxWaiting: 10 })) {
    isTrue<Equal<typeof line, string>>();
  }
  // @ts-expect-error the input is required
  eventsOf(api.widgets.logs);
  // @ts-expect-error the input is an object with an id
  eventsOf(api.widgets.logs, { identifier: '1' });
  // @ts-expect-error a query has no events
  eventsOf(api.widgets.get, { id: '1' });

  const unsubscribe = api.widgets.changed.subscribe(undefined, {
    onData: ({ data }) => console.log(data.createdAt.getTime()),
    onError: ({ error }) => {
      isTrue<Equal<typeof error, { kind: 'GONE' } | undefined>>();
    },
    onState: (state, error) => console.log(state === 'reconnecting', error?.message),
  });
  isTrue<Equal<typeof unsubscribe, Unsubscribe>>();
  unsubscribe();
}

// biome-ignore lint/suspicious/noConfusingVoidType: the input may be left out
isTrue<Equal<InputOf<WidgetsApi['list']>, { limit: number } | void>>();
isTrue<Equal<InputOf<WidgetsApi['create']>, { name: string }>>();
isTrue<Equal<InputOf<WidgetsApi['changed']>, void>>();
isTrue<Equal<OutputOf<WidgetsApi['list']>, Widget[]>>();
isTrue<Equal<OutputOf<WidgetsApi['create']>, Widget>>();
isTrue<Equal<OutputOf<WidgetsApi['changed']>, Tracked<Widget>>>();
isTrue<Equal<ErrorOf<WidgetsApi['list']>, never>>();
isTrue<Equal<ErrorOf<WidgetsApi['create']>, CreateError>>();
isTrue<Equal<ErrorOf<WidgetsApi['changed']>, { kind: 'GONE' }>>();
isTrue<Equal<InputOf<string>, never>>();

createClient<RichApi>(http, { url: '/trpc', rich });
createClient<RichApi>(http, { url: '/trpc', rich: richTypes([], { health: [0] }) });
createClient<Api>(http, { url: '/trpc', rich });
// @ts-expect-error the API has rich types, which the client has to know
createClient<RichApi>(http, { url: '/trpc' });
// @ts-expect-error a client has to know where the procedures are
createClient<Api>(http, {});

const contract = { hash: '0123456789abcdef', alone: ['auth.login'], invalidates: { a: ['b'] } };
createClient<Api>(streamBatch(), { url: '/trpc', contract, credentials: 'include' });
createClient<Api>(
  onAuthLost(uploads(http), ({ path }) => console.log(path)),
  {
    url: '/trpc',
    fetch: fetchWithContract(contract, () => {}, postLongQueries(fetchWithProgress())),
    headers: async () => ({ authorization: 'Bearer …' }),
  },
);
createClient<Api>(webSocket({ url: 'wss://example.com/trpc' }), { url: '/trpc' });
links({ url: '/trpc', contract: { alone: ['auth.login'] } });
