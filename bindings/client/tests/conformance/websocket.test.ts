import { type ApiError, eventsOf, onAuthLost } from '@tintype/client';
import {
  type WebSocketOptions,
  type WebSocketTransport,
  webSocket,
} from '@tintype/client/websocket';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { WebSocket } from 'ws';
import { breakingProxy } from './breaking-proxy.ts';
import {
  ABORTED,
  ACTIVE,
  type ConnectOptions,
  collect,
  connect,
  eventually,
  failure,
  gauge,
  notes,
  profile,
  uniqueKey,
} from './server.ts';

const open: WebSocketTransport[] = [];

afterEach(() => {
  for (const transport of open.splice(0)) {
    transport.close();
  }
});

interface Options extends ConnectOptions {
  readonly socket?: Partial<WebSocketOptions>;
  readonly onAuthLost?: (error: ApiError) => void;
}

function over(address: string, { socket, onAuthLost: lost, ...options }: Options = {}) {
  const transport = webSocket({
    url: address.replace(/^http/, 'ws'),
    // The type of the browser's class is wider than the part that is used.
    WebSocket: Object(WebSocket),
    ...socket,
  });
  open.push(transport);
  return connect({ ...options, transport: lost ? onAuthLost(transport, lost) : transport });
}

/** Breaks or moves every connection of a profile. */
async function control(action: 'drop' | 'reconnect', name: string): Promise<void> {
  const url = `${inject('server')}/__control/${name}/${action}`;
  expect((await fetch(url, { method: 'POST' })).status).toBe(204);
}

const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => `${index + 1}`);

describe('calls', () => {
  test('give results and typed errors', async () => {
    const api = over(profile());

    const [pong, nothing, absent, none, error] = await Promise.all([
      api.ping.query(),
      api.fire.mutate(),
      api.echo.query(undefined),
      api.echo.query(null),
      failure(api.error.throw.query({ code: 'CONFLICT', message: 'taken' })),
    ]);

    expect([pong, nothing, absent, none]).toEqual([
      'pong',
      undefined,
      { present: false },
      { present: true, input: null },
    ]);
    expect(error).toMatchObject({ code: 'CONFLICT', message: 'taken', httpStatus: 409 });
  });

  test('are answered as they end', async () => {
    const api = over(profile());
    const order: unknown[] = [];
    const note = async (call: Promise<unknown>) => order.push(await call);

    await Promise.all([
      note(api.slow.wait.query({ ms: 200, value: 'slow' })),
      note(api.ping.query()),
    ]);

    expect(order).toEqual(['pong', { value: 'slow' }]);
  });

  test('are split into frames of no more than maxItems', async () => {
    const api = over(profile('maxbatch'), { maxItems: 2, contract: { alone: ['echo'] } });

    const answers = await Promise.all([
      api.ping.query(),
      api.echo.query(1),
      api.ping.query(),
      api.ping.query(),
    ]);

    expect(answers).toEqual(['pong', { present: true, input: 1 }, 'pong', 'pong']);
  });

  test('can be aborted', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const api = over(profile());

    const call = failure(api.slow.wait.query({ ms: 5000 }, { signal }));
    expect(await api.ping.query()).toBe('pong');
    controller.abort();

    expect((await call).code).toBe('ABORTED');
  });

  test('carry no forms', async () => {
    const error = await failure(over(profile()).form.submit.mutate(new FormData()));

    expect(error).toMatchObject({ code: 'BAD_REQUEST', path: 'form.submit' });
  });

  test('say who is calling by connection params', async () => {
    const lost: unknown[] = [];
    const params = async () => ({ token: 'ann' });

    const known = over(profile(), { socket: { connectionParams: params } });
    const unknown = over(profile(), { onAuthLost: (error) => lost.push(error.code) });

    expect(await known.auth.whoami.query()).toEqual({ user: 'ann' });
    expect((await failure(unknown.auth.whoami.query())).code).toBe('UNAUTHORIZED');
    expect(lost).toEqual(['UNAUTHORIZED']);
  });

  test('fail with what refuses the connection', async () => {
    const api = over(profile(), { socket: { connectionParams: { fail: 'FORBIDDEN' } } });

    const error = await failure(api.ping.query());
    const ended = await failure(collect(eventsOf(api.sub.noInput)));

    expect(error).toMatchObject({ code: 'FORBIDDEN', message: 'context failed' });
    expect(ended).toMatchObject({ code: 'FORBIDDEN', path: 'sub.noInput' });
  });

  test('fail where there is no server', async () => {
    const api = over('http://127.0.0.1:9/trpc', { retries: 1 });

    expect((await failure(api.ping.query())).code).toBe('TRANSPORT');
  });

  test('that are queries are sent again when the connection breaks', async () => {
    const proxy = await breakingProxy(profile());
    const api = over(proxy.url);
    const key = uniqueKey();

    const slow = api.slow.abortable.query({ key, ms: 300 });
    const lost = failure(api.slow.waitMutation.mutate({ ms: 300 }));
    await eventually(() => gauge(key), ACTIVE);
    proxy.cut();

    expect((await lost).code).toBe('TRANSPORT');
    expect(await slow).toBe('done');
    expect(proxy.connections).toBe(2);
  });
});

describe('subscriptions', () => {
  test('give every event and the end', async () => {
    const { seen, callbacks } = notes<unknown>();

    over(profile()).sub.mixed.subscribe(undefined, callbacks);

    await eventually(() => seen.completed, 1);
    expect(seen.data).toEqual([
      { plain: 1 },
      { id: 'id-1', data: { tracked: 1 } },
      { plain: 2 },
      { id: 'id-2', data: { tracked: 2 } },
    ]);
    expect(seen.states).toEqual(['connecting', 'open', 'closed']);
  });

  test('end with their error', async () => {
    const { seen, callbacks } = notes<number>();

    over(profile()).sub.throws.subscribe({ after: 1, code: 'FORBIDDEN' }, callbacks);

    await eventually(() => seen.errors.length, 1);
    expect(seen.data).toEqual([1]);
    expect(seen.errors[0]).toMatchObject({ code: 'FORBIDDEN', path: 'sub.throws' });
  });

  test('are tried again after a failure that may pass', async () => {
    const input = { key: uniqueKey(), failAfter: 2, to: 4, code: 'INTERNAL_SERVER_ERROR' } as const;

    const events = await collect(eventsOf(over(profile()).sub.flaky, input));

    expect(events.map(({ data }) => [data.n, data.connection])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
    ]);
  });

  test('cancel the procedure when they are left', async () => {
    const key = uniqueKey();
    const { seen, callbacks } = notes<number>();
    const unsubscribe = over(profile()).sub.infinite.subscribe({ key, delayMs: 5000 }, callbacks);
    await eventually(() => seen.data, [0]);
    expect(await gauge(key)).toEqual(ACTIVE);

    unsubscribe();

    await eventually(() => gauge(key), ABORTED);
  });

  test('end when the transport is closed', async () => {
    const key = uniqueKey();
    const api = over(profile());
    const read = failure(collect(eventsOf(api.sub.infinite, { key, delayMs: 5 })));
    await eventually(() => gauge(key), ACTIVE);

    open.splice(0).at(-1)?.close();

    expect((await read).code).toBe('ABORTED');
    await eventually(() => gauge(key), ABORTED);
    expect((await failure(api.ping.query())).code).toBe('ABORTED');
  });

  // A profile of its own for each: all of its connections are concerned.
  test('resume after the last event when the connection drops', async () => {
    const { seen, callbacks } = notes<{ id: string }>();
    over(profile('override')).sub.tracked.subscribe({ to: 12, delayMs: 50 }, callbacks);
    await eventually(() => seen.data.length >= 3, true);

    await control('drop', 'override');

    await eventually(() => seen.completed, 1);
    expect(ids(seen.data)).toEqual(upTo(12));
    expect(seen.states).toEqual(['connecting', 'open', 'reconnecting', 'open', 'closed']);
  });

  test('move when the server asks for it, and no event is lost or comes twice', async () => {
    const api = over(profile('small'));
    const { seen, callbacks } = notes<{ id: string }>();
    api.sub.tracked.subscribe({ to: 12, delayMs: 50 }, callbacks);
    await eventually(() => seen.data.length >= 3, true);
    const slow = api.slow.wait.query({ ms: 300, value: 'kept' });
    expect(await api.ping.query()).toBe('pong');

    await control('reconnect', 'small');

    expect(await slow).toEqual({ value: 'kept' });
    await eventually(() => seen.completed, 1);
    expect(ids(seen.data)).toEqual(upTo(12));
  });

  test('notice that the server is gone without a word', async () => {
    const proxy = await breakingProxy(profile());
    const { seen, callbacks } = notes<number>();
    const api = over(proxy.url, { socket: { pingMs: 50, pongMs: 50 } });
    const unsubscribe = api.sub.infinite.subscribe({ key: uniqueKey(), delayMs: 5000 }, callbacks);
    await eventually(() => seen.data, [0]);

    proxy.freeze();

    await eventually(() => seen.states.slice(0, 3), ['connecting', 'open', 'reconnecting']);
    unsubscribe();
  });

  test('stay open over a silent connection with keep-alive', async () => {
    const { seen, callbacks } = notes<string>();

    over(profile('ping')).sub.silent.subscribe({ ms: 1200 }, callbacks);

    await eventually(() => seen.completed, 1);
    expect(seen.data).toEqual(['done']);
    expect(seen.states).toEqual(['connecting', 'open', 'closed']);
  });
});
