import { eventsOf, postLongQueries } from '@tintype/client';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { breakingProxy } from './breaking-proxy.ts';
import {
  ABORTED,
  ACTIVE,
  collect,
  connect,
  eventually,
  failure,
  gauge,
  notes,
  profile,
  recorder,
  uniqueKey,
} from './server.ts';

const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => `${index + 1}`);

describe('events', () => {
  test('come by iteration until the server ends the subscription', async () => {
    const api = connect();

    expect(await collect(eventsOf(api.sub.count, { from: 1, to: 4, delayMs: 5 }))).toEqual([
      1, 2, 3, 4,
    ]);
    expect(await collect(eventsOf(api.sub.empty))).toEqual([]);
  });

  test('come to callbacks, and then the end', async () => {
    const { seen, callbacks } = notes<string>();

    connect().sub.noInput.subscribe(undefined, callbacks);

    await eventually(() => seen.completed, 1);
    expect(seen.data).toEqual(['a', 'b']);
    expect(seen.states).toEqual(['connecting', 'open', 'closed']);
    expect(seen.errors).toEqual([]);
  });

  test('may hold any value', async () => {
    expect(await collect(eventsOf(connect().sub.values))).toEqual([
      null,
      0,
      '',
      'line1\nline2\r\nline3',
      '日本語 🦀 \u2028',
      [],
      {},
      { a: { b: [1, null, 'x'] } },
    ]);
  });

  test('have an id where the server tracks them', async () => {
    expect(await collect(eventsOf(connect().sub.mixed))).toEqual([
      { plain: 1 },
      { id: 'id-1', data: { tracked: 1 } },
      { plain: 2 },
      { id: 'id-2', data: { tracked: 2 } },
    ]);
  });

  test('come by POST where the URL would be too long and that is asked for', async () => {
    const { sent, fetch } = recorder();
    const api = connect({ profile: 'override', fetch: postLongQueries(fetch, 50) });

    expect(await collect(eventsOf(api.sub.count, { from: 1, to: 2 }))).toEqual([1, 2]);
    expect(sent.map(({ method, target }) => [method, target])).toEqual([['POST', '/sub.count']]);
  });

  test('begin after the id that is asked for', async () => {
    const events = eventsOf(connect().sub.tracked, { to: 4 }, { lastEventId: '2' });

    expect(ids(await collect(events))).toEqual(['3', '4']);
  });

  test('that nobody reads end the subscription when there are too many', async () => {
    const key = uniqueKey();
    const options = { maxWaiting: 3 };

    const events = eventsOf(connect().sub.infinite, { key, delayMs: 1 }, options);

    await eventually(() => gauge(key), ABORTED);
    const error = await failure(collect(events));
    expect(error).toMatchObject({ code: 'ABORTED', path: 'sub.infinite' });
  });

  test('go on after a callback that throws', async () => {
    const unhandled: unknown[] = [];
    const before = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => unhandled.push(reason));
    const data: number[] = [];
    let completed = false;

    connect().sub.count.subscribe(
      { from: 1, to: 3 },
      {
        onData: (event) => {
          data.push(event);
          throw new Error(`no ${event}`);
        },
        onComplete: () => {
          completed = true;
        },
      },
    );

    await eventually(() => completed, true);
    await eventually(() => unhandled.map(String), ['Error: no 1', 'Error: no 2', 'Error: no 3']);
    process.removeAllListeners('unhandledRejection');
    for (const listener of before) {
      process.on('unhandledRejection', listener);
    }
    expect(data).toEqual([1, 2, 3]);
  });

  test.each([
    ['CRLF', '\r\n'],
    ['LF', '\n'],
    ['CR', '\r'],
  ])('are read whatever ends a line (%s) and however it is cut', async (_, end) => {
    const lines = [
      ': a comment',
      'event: connected',
      'data: {}',
      '',
      'data: {"a":',
      'data:1}',
      'id: 1',
      '',
      'event: ping',
      'data',
      '',
      'id: 2',
      '',
      'unknown: field',
      'data: "\u2028é"',
      '',
      'event: return',
      'data: ',
      '',
      '',
    ];
    const bytes = new TextEncoder().encode(lines.join(end));

    for (const size of [1, 2, 3, 7, 1000]) {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < bytes.length; at += size) {
            controller.enqueue(bytes.slice(at, at + size));
          }
          controller.close();
        },
      });
      const headers = { 'content-type': 'text/event-stream' };
      const api = connect({ fetch: async () => new Response(body, { headers }) });

      expect(await collect(eventsOf(api.sub.values))).toEqual([
        { id: '1', data: { a: 1 } },
        { id: '2', data: '\u2028é' },
      ]);
    }
  });
});

describe('the end', () => {
  test('a failure that may not pass ends the subscription with its error', async () => {
    const { seen, callbacks } = notes<number>();

    connect().sub.throws.subscribe({ after: 2, code: 'FORBIDDEN' }, callbacks);

    await eventually(() => seen.errors.length, 1);
    expect(seen.data).toEqual([1, 2]);
    expect(seen.errors[0]).toMatchObject({
      code: 'FORBIDDEN',
      httpStatus: 403,
      path: 'sub.throws',
    });
    expect(seen.states).toEqual(['connecting', 'open', 'closed']);
    expect(seen.completed).toBe(0);
  });

  test('a failure before the first event is the same to those who iterate', async () => {
    const api = connect();

    const error = await failure(collect(eventsOf(api.sub.setupThrows, { code: 'NOT_FOUND' })));
    const unknown = await failure(collect(eventsOf(api.sub.nothing)));

    expect(error).toMatchObject({ code: 'NOT_FOUND', path: 'sub.setupThrows' });
    expect(unknown).toMatchObject({ code: 'NOT_FOUND', path: 'sub.nothing', httpStatus: 404 });
  });

  test('an answer that is no event stream is malformed', async () => {
    const fetch = async () => new Response('<html>', { headers: { 'content-type': 'text/html' } });

    const error = await failure(collect(eventsOf(connect({ fetch }).sub.noInput)));

    expect(error).toMatchObject({ code: 'MALFORMED', httpStatus: 200 });
  });

  test('an event that is no JSON is malformed', async () => {
    const headers = { 'content-type': 'text/event-stream' };
    const fetch = async () => new Response('data: {oops\n\n', { headers });

    const error = await failure(collect(eventsOf(connect({ fetch }).sub.noInput)));

    expect(error.code).toBe('MALFORMED');
  });

  test('an input that cannot be written fails the subscription', async () => {
    const input = Object({ from: 1n, to: 2 });

    const error = await failure(collect(eventsOf(connect().sub.count, input)));

    expect(error).toMatchObject({ code: 'BAD_REQUEST', path: 'sub.count' });
  });

  test('unsubscribing cancels the procedure, and nothing comes after', async () => {
    const key = uniqueKey();
    const { seen, callbacks } = notes<number>();
    const unsubscribe = connect().sub.infinite.subscribe({ key, delayMs: 5000 }, callbacks);
    await eventually(() => seen.data, [0]);
    expect(await gauge(key)).toEqual(ACTIVE);

    unsubscribe();

    await eventually(() => gauge(key), ABORTED);
    expect(seen).toMatchObject({
      completed: 0,
      errors: [],
      states: ['connecting', 'open', 'closed'],
    });
  });

  test('unsubscribing while an event is handled hides those that came with it', async () => {
    const data: number[] = [];
    let isClosed = false;
    const unsubscribe = connect().sub.count.subscribe(
      { from: 1, to: 50 },
      {
        onData: (event) => {
          data.push(event);
          unsubscribe();
        },
        onState: (state) => {
          isClosed = state === 'closed';
        },
      },
    );

    await eventually(() => isClosed, true);
    expect(data).toEqual([1]);
  });

  test('leaving the loop cancels the procedure', async () => {
    const key = uniqueKey();

    for await (const event of eventsOf(connect().sub.infinite, { key, delayMs: 5 })) {
      if (event === 3) {
        break;
      }
    }

    await eventually(() => gauge(key), ABORTED);
  });

  test('a signal cancels the procedure', async () => {
    const key = uniqueKey();
    const controller = new AbortController();
    const { signal } = controller;
    const events = eventsOf(connect().sub.infinite, { key, delayMs: 5 }, { signal });
    const seen: number[] = [];
    const read = (async () => {
      for await (const event of events) {
        seen.push(event);
      }
    })();
    await eventually(() => seen[0], 0);
    expect(await gauge(key)).toEqual(ACTIVE);

    controller.abort();

    await eventually(() => gauge(key), ABORTED);
    await read;
    const before = eventsOf(connect().sub.count, { from: 1, to: 3 }, { signal });
    expect(await collect(before)).toEqual([]);
  });
});

describe('connections that break', () => {
  test('every tracked event comes once although the connection breaks', async () => {
    const proxy = await breakingProxy(profile());
    const { seen, callbacks } = notes<{ id: string }>();
    const { sent, fetch } = recorder();
    const api = connect({ url: proxy.url, fetch });

    api.sub.tracked.subscribe(
      { to: 30, delayMs: 20 },
      {
        ...callbacks,
        onData: (event) => {
          callbacks.onData(event);
          if (['5', '12', '13', '29'].includes(event.id)) {
            proxy.cut();
          }
        },
      },
    );

    await eventually(() => seen.completed, 1);
    expect(ids(seen.data)).toEqual(upTo(30));
    expect(sent.length).toBe(5);
    expect(sent.map(({ headers }) => headers.get('last-event-id'))).toEqual([
      null,
      '5',
      '12',
      '13',
      '29',
    ]);
    const again = ['reconnecting', 'open'];
    expect(seen.states).toEqual([
      'connecting',
      'open',
      ...again,
      ...again,
      ...again,
      ...again,
      'closed',
    ]);
    expect(seen.errors).toEqual([]);
  });

  test('a stream that the server ends at its age goes on', async () => {
    const events = eventsOf(connect({ profile: 'maxdur' }).sub.tracked, { to: 6, delayMs: 100 });

    expect(ids(await collect(events))).toEqual(upTo(6));
  });

  test('a failure that may pass is tried again after the last event', async () => {
    const input = { key: uniqueKey(), failAfter: 2, to: 4, code: 'INTERNAL_SERVER_ERROR' } as const;
    const causes: unknown[] = [];

    const events = eventsOf(connect().sub.flaky, input, {
      onState: (state, error) => state === 'reconnecting' && causes.push(error?.code),
    });

    expect(await collect(events)).toEqual(
      [
        [1, 1],
        [2, 1],
        [3, 2],
        [4, 2],
      ].map(([n, connection]) => ({ id: `${n}`, data: { n, connection } })),
    );
    expect(causes).toEqual(['INTERNAL_SERVER_ERROR']);
  });

  test('a server that refuses for now is asked again', async () => {
    const { sent, fetch } = recorder();
    const api = connect({
      fetch: (url, init) =>
        sent.length < 2 && sent.push(Object())
          ? Promise.resolve(new Response('', { status: 503 }))
          : fetch(url, init),
    });

    expect(await collect(eventsOf(api.sub.noInput))).toEqual(['a', 'b']);
  });

  test('a stream that falls silent is given up', async () => {
    const proxy = await breakingProxy(profile('ping'));
    const { seen, callbacks } = notes<number>();
    const key = uniqueKey();
    const api = connect({ url: proxy.url });
    const unsubscribe = api.sub.infinite.subscribe({ key, delayMs: 5000 }, callbacks);
    await eventually(() => seen.data, [0]);

    proxy.freeze();

    await eventually(() => seen.states, ['connecting', 'open', 'reconnecting']);
    unsubscribe();
  });

  test('pings keep a silent stream open', async () => {
    const { seen, callbacks } = notes<string>();

    connect({ profile: 'ping' }).sub.silent.subscribe({ ms: 1500 }, callbacks);

    await eventually(() => seen.completed, 1);
    expect(seen.data).toEqual(['done']);
    expect(seen.states).toEqual(['connecting', 'open', 'closed']);
  });

  test('an event that does not end is given up, and the stream goes on after the last one', async () => {
    const headers = { 'content-type': 'text/event-stream' };
    const resumed: (string | null)[] = [];
    const causes: unknown[] = [];
    const signals: (AbortSignal | null | undefined)[] = [];
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) =>
        controller.enqueue(new TextEncoder().encode('id: 1\ndata: "a"\n\ndata: "')),
      pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(40))),
    });
    const bodies = [endless, `data: "${'y'.repeat(80)}"\n\nevent: return\ndata: \n\n`];
    const api = connect({
      maxEventLength: 100,
      fetch: async (_, init) => {
        resumed.push(new Headers(init.headers).get('last-event-id'));
        signals.push(init.signal);
        return new Response(bodies.shift() ?? null, { headers });
      },
    });

    const events = await collect(
      eventsOf(api.sub.values, undefined, {
        onState: (state, error) =>
          state === 'reconnecting' && causes.push([error?.code, error?.message]),
      }),
    );

    expect(events).toEqual([
      { id: '1', data: 'a' },
      { id: '1', data: 'y'.repeat(80) },
    ]);
    expect(causes).toEqual([['TRANSPORT', 'sub.values: event over maxEventLength 100']]);
    expect(resumed).toEqual([null, '1']);
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
  });

  test('unsubscribing while it waits for the next attempt ends the wait', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    let requests = 0;
    const states: string[] = [];
    const api = connect({
      fetch: () => {
        requests += 1;
        return Promise.reject(new TypeError('fetch failed'));
      },
      retryDelayMs: 10_000,
    });
    const unsubscribe = api.sub.noInput.subscribe(undefined, {
      onState: (state) => states.push(state),
    });
    await vi.advanceTimersByTimeAsync(5);
    expect(states).toEqual(['connecting', 'reconnecting']);

    unsubscribe();

    expect(vi.getTimerCount()).toBe(0);
    expect([requests, states.at(-1)]).toEqual([1, 'closed']);
  });

  test('the server may say how long to wait, and where to go on without an event', async () => {
    const bodies = ['retry: 3\nid: 7\n\n', 'event: return\ndata: \n\n'];
    const resumed: (string | null)[] = [];
    const api = connect({
      retryDelayMs: 60_000,
      fetch: async (_, { headers }) => {
        resumed.push(new Headers(headers).get('last-event-id'));
        return new Response(bodies.shift() ?? null, {
          headers: { 'content-type': 'text/event-stream' },
        });
      },
    });

    expect(await collect(eventsOf(api.sub.noInput))).toEqual([]);
    expect(resumed).toEqual([null, '7']);
  });
});
