import { eventsOf, http, postLongQueries, splitTransport, type Transport } from '@tintype/client';
import { streamBatch } from '@tintype/client/stream';
import { uploads } from '@tintype/client/upload';
import { describe, expect, test } from 'vitest';
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
  profile,
  recorder,
  uniqueKey,
} from './server.ts';

const streaming = (options: ConnectOptions = {}) =>
  connect({ transport: streamBatch(), ...options });

describe('a batch that is answered line by line', () => {
  test('gives each call what its procedure returns', async () => {
    const api = streaming();

    const [pong, absent, none, nothing, error] = await Promise.all([
      api.ping.query(),
      api.echo.query(undefined),
      api.values.null.query(),
      api.values.undefined.query(),
      failure(api.error.throw.query({ code: 'CONFLICT' })),
    ]);

    expect([pong, absent, none, nothing]).toEqual(['pong', { present: false }, null, undefined]);
    expect(error).toMatchObject({ code: 'CONFLICT', httpStatus: 409, path: 'error.throw' });
    expect(await api.fire.mutate()).toBeUndefined();
    expect((await api.ctx.info.query()).accept).toBe('application/jsonl');
  });

  test('answers calls as they end', async () => {
    const { sent, fetch } = recorder();
    const api = streaming({ fetch });
    const order: unknown[] = [];
    const note = async (call: Promise<unknown>) => order.push(await call);

    await Promise.all([
      note(api.slow.wait.query({ ms: 300, value: 'slow' })),
      note(api.ping.query()),
      note(api.slow.wait.query({ ms: 100, value: 'middle' })),
    ]);

    expect(order).toEqual(['pong', { value: 'middle' }, { value: 'slow' }]);
    expect(sent.length).toBe(1);
  });

  test('holds promises, also inside of promises', async () => {
    const answer = await streaming().stream.deferred.query();

    expect(answer.now).toBe(1);
    const later = await answer.later;
    expect(later.two).toBe(2);
    expect(await later.evenLater).toBe('three');
  });

  test('holds promises that fail', async () => {
    const { ok, bad } = await streaming().stream.deferredReject.query();

    expect(ok).toBe(1);
    expect(await failure(bad)).toMatchObject({ code: 'CONFLICT', path: 'stream.deferredReject' });
  });

  test('holds iterables, as a whole and as a field', async () => {
    const api = streaming();

    expect(await collect(await api.stream.count.query({ from: 1, to: 3, delayMs: 5 }))).toEqual([
      1, 2, 3,
    ]);
    const { total, items } = await api.stream.iterableInObject.query();
    expect([total, await collect(items)]).toEqual([3, ['a', 'b', 'c']]);
    const returning = (await api.stream.withReturn.query())[Symbol.asyncIterator]();
    expect([await returning.next(), await returning.next(), await returning.next()]).toEqual([
      { done: false, value: 'first' },
      { done: false, value: 'second' },
      { done: true, value: 'returned' },
    ]);
  });

  test('holds iterables that fail', async () => {
    const items = await streaming().stream.throws.query({ after: 2, code: 'FORBIDDEN' });
    const seen: number[] = [];

    const read = async () => {
      for await (const item of items) {
        seen.push(item);
      }
    };

    expect(await failure(read())).toMatchObject({ code: 'FORBIDDEN', path: 'stream.throws' });
    expect(seen).toEqual([1, 2]);
  });

  test('goes by POST where a URL would be too long and that is asked for', async () => {
    const { sent, fetch } = recorder();
    const api = streaming({ profile: 'override', fetch: postLongQueries(fetch) });
    const text = 'é'.repeat(3000);

    expect(await api.a.b.c.echo.query({ text })).toBe(text);
    expect(sent.map(({ method, target }) => [method, target])).toEqual([
      ['POST', '/a.b.c.echo?batch=1'],
    ]);
  });

  test('is kept open by pings', async () => {
    const api = streaming({ profile: 'ping' });

    expect(await api.slow.wait.query({ ms: 400, value: 1 })).toEqual({ value: 1 });
  });

  test('is refused as a whole with the error for each call', async () => {
    const api = streaming({ profile: 'maxbatch' });

    const calls = [1, 2, 3].map(() => failure(api.ping.query()));

    expect((await Promise.all(calls)).map(({ code }) => code)).toEqual(
      Array(3).fill('BAD_REQUEST'),
    );
  });

  test('that is no JSON lines is malformed', async () => {
    for (const body of ['<html>\n', '{}\n', '[]\n', 'null\n', '{"0":5}\n']) {
      const error = await failure(
        streaming({ fetch: async () => new Response(body) }).ping.query(),
      );
      expect([body, error.code]).toEqual([body, 'MALFORMED']);
    }
  });

  test('sends forms by themselves and answers them whole', async () => {
    const { length } = await streaming({ transport: uploads(streamBatch()) }).form.octet.mutate(
      new Uint8Array([1, 2, 3]),
    );

    expect(length).toBe(3);
  });
});

describe('leaving', () => {
  test('an aborted call is given up, and the others are answered', async () => {
    const api = streaming();
    const key = uniqueKey();
    const controller = new AbortController();
    const { signal } = controller;

    const given = failure(api.slow.abortable.query({ key, ms: 5000 }, { signal }));
    expect(await api.ping.query()).toBe('pong');
    await eventually(() => gauge(key), ACTIVE);
    controller.abort();

    expect((await given).code).toBe('ABORTED');
    await eventually(() => gauge(key), ABORTED);
  });

  test('a call whose companions are done takes the request with it', async () => {
    const api = streaming();
    const key = uniqueKey();
    const controller = new AbortController();
    const { signal } = controller;

    const [pong, given] = [
      api.ping.query(),
      failure(api.slow.abortable.query({ key, ms: 5000 }, { signal })),
    ];
    expect(await pong).toBe('pong');
    await eventually(() => gauge(key), ACTIVE);
    controller.abort();

    expect((await given).code).toBe('ABORTED');
    await eventually(() => gauge(key), ABORTED);
  });

  test('leaving the loop over an iterable cancels the procedure', async () => {
    const key = uniqueKey();

    for await (const item of await streaming().stream.tracked.query({ key, delayMs: 5 })) {
      if (item === 3) {
        break;
      }
    }

    await eventually(() => gauge(key), ABORTED);
  });

  test('a signal ends an iterable that is being read', async () => {
    const key = uniqueKey();
    const controller = new AbortController();
    const { signal } = controller;
    const items = await streaming().stream.tracked.query({ key, delayMs: 5 }, { signal });

    const read = failure(collect(items));
    await eventually(() => gauge(key), ACTIVE);
    controller.abort();

    expect((await read).code).toBe('ABORTED');
    await eventually(() => gauge(key), ABORTED);
  });

  test('an iterable that nobody reads fails when too much waits', async () => {
    const key = uniqueKey();
    const api = connect({ transport: streamBatch({ maxWaiting: 3 }) });

    const items = await api.stream.tracked.query({ key, delayMs: 1 });

    await eventually(() => gauge(key), ABORTED);
    expect(await failure(collect(items))).toMatchObject({
      code: 'ABORTED',
      path: 'stream.tracked',
    });
  });
});

describe('a connection that breaks', () => {
  test('fails what is not answered, and queries are sent again', async () => {
    const proxy = await breakingProxy(profile());
    const { sent, fetch } = recorder();
    const api = streaming({ url: proxy.url, fetch });
    const key = uniqueKey();

    const slow = api.slow.abortable.query({ key, ms: 400 });
    expect(await api.ping.query()).toBe('pong');
    await eventually(() => gauge(key), ACTIVE);
    proxy.cut();

    expect(await slow).toBe('done');
    expect(sent.map(({ target }) => target.split('?')[0])).toEqual([
      '/slow.abortable,ping',
      '/slow.abortable',
    ]);
  });

  test('fails iterables that are being read', async () => {
    const proxy = await breakingProxy(profile());
    const api = streaming({ url: proxy.url });
    const items = await api.stream.tracked.query({ key: uniqueKey(), delayMs: 5 });

    const read = failure(collect(items));
    proxy.cut();

    expect(await read).toMatchObject({ code: 'TRANSPORT', path: 'stream.tracked' });
  });
});

test('subscriptions are event streams beside it', async () => {
  const split: Transport = splitTransport({ calls: streamBatch(), subscriptions: http });

  for (const transport of [streamBatch(), split]) {
    const api = connect({ transport });
    expect(await collect(eventsOf(api.sub.noInput))).toEqual(['a', 'b']);
    expect((await api.ctx.info.query()).accept).toBe('application/jsonl');
  }
});
