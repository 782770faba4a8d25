import { createServer, type Server } from 'node:http';
import { eventsOf, type FetchInit, fetchWithContract, http, onAuthLost } from '@tintype/client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { collect, connect, failure, recorder, sentBy, uniqueKey } from './server.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Answers the first requests by itself, and then as the server does. */
function failing(times: number, fail: () => Promise<Response>) {
  const { sent, fetch } = recorder();
  return {
    sent,
    fetch: async (url: string, init: FetchInit) => {
      if (sent.length < times) {
        sent.push(sentBy(url, init));
        return fail();
      }
      return fetch(url, init);
    },
  };
}

const refused = () => Promise.reject(new TypeError('fetch failed'));
const status =
  (code: number, headers = {}) =>
  async () =>
    new Response('try later', { status: code, headers });

describe('sending again', () => {
  test.each([429, 502, 503, 504])('a query is sent again after status %i', async (code) => {
    const { sent, fetch } = failing(2, status(code));

    expect(await connect({ fetch }).ping.query()).toBe('pong');
    expect(sent.length).toBe(3);
  });

  test('calls that failed together are sent again together', async () => {
    const { sent, fetch } = failing(1, refused);
    const api = connect({ fetch, retryDelayMs: 50 });

    expect(await Promise.all([api.ping.query(), api.a.b.c.leaf.query()])).toEqual([
      'pong',
      'a.b.c.leaf',
    ]);
    expect(sent.map(({ target }) => target)).toEqual(
      Array(2).fill('/ping,a.b.c.leaf?batch=1&input=%7B%7D'),
    );
  });

  test('it ends after as many retries as are allowed', async () => {
    const { sent, fetch } = failing(9, refused);

    const error = await failure(connect({ fetch, retries: 3 }).ping.query());

    expect(error).toMatchObject({ code: 'TRANSPORT', path: 'ping' });
    expect(error.message).toContain('fetch failed');
    expect(sent.length).toBe(4);
    expect((await failure(connect({ fetch, retries: 0 }).ping.query())).code).toBe('TRANSPORT');
    expect(sent.length).toBe(5);
  });

  test('a mutation is sent again only if the contract says that it may be', async () => {
    const once = failing(1, refused);
    const twice = failing(1, refused);
    const key = uniqueKey();

    const error = await failure(connect(once).counter.increment.mutate({ key }));
    const contract = { retry: ['counter.increment'] };
    await connect({ ...twice, contract }).counter.increment.mutate({ key });

    expect([error.code, once.sent.length, twice.sent.length]).toEqual(['TRANSPORT', 1, 2]);
  });

  test('a failure that would come again is not tried again', async () => {
    const { sent, fetch } = recorder();

    await failure(connect({ fetch }).error.throw.query({ code: 'INTERNAL_SERVER_ERROR' }));

    expect(sent.length).toBe(1);
  });

  test('the wait is a random share of what doubles', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const waits = vi.spyOn(globalThis, 'setTimeout');
    const fetch = refused;

    const call = failure(
      connect({ fetch, retries: 4, retryDelayMs: 100, maxRetryDelayMs: 500 }).ping.query(),
    );
    await vi.runAllTimersAsync();

    expect((await call).code).toBe('TRANSPORT');
    const delays = waits.mock.calls
      .map(([, ms]) => ms)
      .filter((ms) => ms !== undefined && ms > 1 && ms <= 500);
    expect(delays).toEqual([50, 100, 200, 250]);
  });

  test.each([
    ['7', 7000],
    ['60', 30_000],
    [new Date(1_800_000_009_000).toUTCString(), 9000],
  ])('a server that says Retry-After: %s is left in peace', async (after, expected) => {
    vi.useFakeTimers({ now: 1_800_000_000_000 });
    const waits = vi.spyOn(globalThis, 'setTimeout');
    const fetch = status(503, { 'retry-after': after });

    const call = failure(connect({ fetch, retries: 1 }).ping.query());
    await vi.runAllTimersAsync();

    expect((await call).httpStatus).toBe(503);
    expect(waits.mock.calls.map(([, ms]) => ms)).toContain(expected);
  });

  test.each(['0', new Date(0).toUTCString()])(
    'a server that says Retry-After: %s is not asked at once',
    async (after) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      vi.spyOn(Math, 'random').mockReturnValue(0.5);
      const waits = vi.spyOn(globalThis, 'setTimeout');
      const fetch = status(503, { 'retry-after': after });

      const call = failure(connect({ fetch, retries: 1, retryDelayMs: 100 }).ping.query());
      await vi.runAllTimersAsync();

      expect((await call).httpStatus).toBe(503);
      expect(waits.mock.calls.map(([, ms]) => ms)).toContain(50);
    },
  );

  test('a call that is aborted while it waits is not sent again', async () => {
    const controller = new AbortController();
    const { sent, fetch } = failing(9, async () => {
      setTimeout(() => controller.abort());
      return status(503)();
    });

    const { signal } = controller;
    const error = await failure(
      connect({ fetch, retryDelayMs: 60_000 }).ping.query(undefined, { signal }),
    );

    expect(error.code).toBe('ABORTED');
    expect(sent.length).toBe(1);
  });
});

describe('what answers say about the client', () => {
  test('the loss of authentication is told once for the calls that lose it together', async () => {
    const lost: string[] = [];
    const transport = onAuthLost(http, ({ code, path }) => lost.push(`${code} ${path}`));
    const api = connect({ transport });

    await Promise.all([
      failure(api.auth.whoami.query()),
      failure(api.auth.whoami.query()),
      failure(api.auth.rename.mutate({ name: 'ann' })),
    ]);

    expect(lost.length).toBe(1);
    expect(lost[0]).toMatch(/^UNAUTHORIZED auth\./);
  });

  test('it is told again when it is lost again later', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const lost: unknown[] = [];
    const api = connect({ transport: onAuthLost(http, (error) => lost.push(error)) });

    await failure(api.auth.whoami.query());
    vi.setSystemTime(Date.now() + 5000);
    await failure(api.auth.whoami.query());

    expect(lost.length).toBe(2);
  });

  test('a subscription tells it too', async () => {
    const lost: unknown[] = [];
    const api = connect({ transport: onAuthLost(http, (error) => lost.push(error)) });

    const error = await failure(collect(eventsOf(api.sub.whoami)));

    expect(error.code).toBe('UNAUTHORIZED');
    expect(lost.length).toBe(1);
  });

  test('an outdated contract is told once', async () => {
    const hashes: unknown[] = [];
    const server = createServer((request, response) => {
      hashes.push(request.headers['tintype-contract']);
      response.setHeader('tintype-contract', 'outdated').end('{"result":{"data":"pong"}}');
    });
    const url = await listening(server);
    let told = 0;
    const onOutdated = () => {
      told += 1;
    };

    const contract = { hash: '0123abcd' };
    const api = connect({ url, contract, fetch: fetchWithContract(contract, onOutdated) });
    await api.ping.query();
    await api.ping.query();
    await connect({ url }).ping.query();
    server.close();

    expect(told).toBe(1);
    expect(hashes).toEqual(['0123abcd', '0123abcd', undefined]);
  });
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) {
    throw new Error('the server has no address');
  }
  return `http://127.0.0.1:${address.port}`;
}
