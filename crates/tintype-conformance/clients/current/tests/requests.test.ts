import { httpBatchLink, httpBatchStreamLink, httpLink } from '@trpc/client';
import { describe, expect, test } from 'vitest';
import {
  ABORTED,
  ACTIVE,
  type Client,
  clientOf,
  eventually,
  failure,
  gauge,
  profile,
  uniqueKey,
} from './client.ts';

const links = {
  httpLink: () => clientOf(httpLink({ url: profile() })),
  httpBatchLink: () => clientOf(httpBatchLink({ url: profile() })),
  httpBatchStreamLink: () => clientOf(httpBatchStreamLink({ url: profile() })),
} satisfies Record<string, () => Client>;

describe.each(Object.entries(links))('%s', (_, connect) => {
  test('delivers what procedures return', async () => {
    const client = connect();

    expect(await client.query('math.add', { a: 1, b: 2 })).toEqual({ sum: 3 });
    expect(await client.query('a.b.c.leaf')).toBe('a.b.c.leaf');
    expect(await client.query('values.null')).toBeNull();
    expect(await client.query('values.undefined')).toBeUndefined();
    expect(await client.mutation('fire')).toBeUndefined();
    expect(await client.query('values.largeString')).toBe('x'.repeat(20_000));
    expect(await client.query('values.optionalFields')).toEqual({ a: 1, c: null });
  });

  test('tells absent inputs from null ones', async () => {
    const client = connect();

    const inputs = [undefined, null, false, '', [], { a: [1.5, 'é 🦀', { b: null }] }];
    const echoed = await Promise.all(inputs.map((input) => client.query('echo', input)));

    const [absent, ...present] = echoed;
    expect(absent).toEqual({ present: false });
    expect(present).toEqual(inputs.slice(1).map((input) => ({ present: true, input })));
  });

  test('writes are seen by later reads', async () => {
    const client = connect();
    const key = uniqueKey();

    await Promise.all([1, 2, 3].map((by) => client.mutation('counter.increment', { key, by })));

    expect(await client.query('counter.get', { key })).toBe(6);
  });

  test('fails with the typed error of the call', async () => {
    const client = connect();
    const fine = client.query('ping');

    const error = await failure(client.query('error.throw', { code: 'CONFLICT' }));

    expect(await fine).toBe('pong');
    expect(error.message).toBe('failed with CONFLICT');
    expect(error.shape).toEqual({
      message: 'failed with CONFLICT',
      code: -32009,
      data: { code: 'CONFLICT', httpStatus: 409, path: 'error.throw' },
    });
    expect((await failure(client.query('nope'))).data).toMatchObject({ code: 'NOT_FOUND' });
    const invalid = await failure(client.query('input.object', { id: 1.5, name: 'n' }));
    expect(invalid.data).toEqual({ code: 'BAD_REQUEST', httpStatus: 400, path: 'input.object' });
    const mutation = await failure(client.mutation('error.app'));
    expect(mutation.message).toBe('insufficient funds');
  });

  test('an abort reaches the procedure', async () => {
    const client = connect();
    const key = uniqueKey();
    const abort = new AbortController();
    const call = client.query('slow.abortable', { key, ms: 5000 }, { signal: abort.signal });
    const failed = failure(call);
    await eventually(() => gauge(key), ACTIVE);

    abort.abort();

    expect((await failed).message).toMatch(/abort/i);
    await eventually(() => gauge(key), ABORTED);
  });
});

describe('httpLink', () => {
  test('sends everything by POST if the server accepts it', async () => {
    const client = clientOf(httpLink({ url: profile('override'), methodOverride: 'POST' }));

    expect(await client.query('math.add', { a: 1, b: 2 })).toEqual({ sum: 3 });
    expect(await client.mutation('fire')).toBeUndefined();
  });

  test('says that the method is wrong where the server does not', async () => {
    const client = clientOf(httpLink({ url: profile(), methodOverride: 'POST' }));

    const error = await failure(client.query('ping'));

    expect(error.data).toMatchObject({ code: 'METHOD_NOT_SUPPORTED', path: 'ping' });
  });

  test('sends forms with files, and bytes', async () => {
    const client = clientOf(httpLink({ url: profile() }));
    const form = new FormData();
    form.append('title', 'Zürich');
    form.append('picture', new File(['1234'], 'map.png', { type: 'image/png' }));
    form.append('title', '');

    expect(await client.mutation('form.submit', form)).toEqual({
      entries: [
        { name: 'title', kind: 'text', value: 'Zürich' },
        { name: 'picture', kind: 'file', filename: 'map.png', type: 'image/png', size: 4 },
        { name: 'title', kind: 'text', value: '' },
      ],
    });
    const bytes = new Blob([new Uint8Array([1, 2, 253])]);
    expect(await client.mutation('form.octet', bytes)).toEqual({ length: 3, sum: 256 });
  });

  test('passes headers to the context', async () => {
    const headers = { authorization: 'Bearer ann' };
    const client = clientOf(httpLink({ url: profile(), headers }));

    expect(await client.query('auth.whoami')).toEqual({ user: 'ann' });
    const anonymous = clientOf(httpLink({ url: profile() }));
    expect((await failure(anonymous.query('auth.whoami'))).data).toMatchObject({ httpStatus: 401 });
  });
});

describe('httpBatchLink', () => {
  test('calls of one tick share a request, up to the limit', async () => {
    const requests: string[] = [];
    const client = clientOf(
      httpBatchLink({
        url: profile(),
        maxItems: 2,
        fetch: (url, init) => {
          requests.push(new URL(String(url)).pathname);
          return fetch(String(url), { signal: init?.signal ?? null });
        },
      }),
    );

    const [one, two, three] = await Promise.allSettled([
      client.query('echo', 1),
      client.query('nope'),
      client.query('echo', 3),
    ]);

    expect(requests).toEqual(['/trpc/echo,nope', '/trpc/echo']);
    expect([one.status, two.status, three.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  test('an error of the request as a whole is that of every call', async () => {
    const client = clientOf(httpBatchLink({ url: profile('maxbatch') }));

    const errors = await Promise.all(
      [1, 2, 3].map((input) => failure(client.query('echo', input))),
    );

    expect(errors.map((error) => error.message)).toEqual(
      Array(3).fill('Batch call exceeds maximum size'),
    );
  });
});

describe('httpBatchStreamLink', () => {
  const connect = () => clientOf(httpBatchStreamLink({ url: profile() }));

  test('delivers each answer as soon as it is there', async () => {
    const client = connect();
    const order: unknown[] = [];
    const note = async (call: Promise<unknown>) => order.push(await call);

    await Promise.all([
      note(client.query('slow.wait', { ms: 400, value: 'slow' })),
      note(client.query('slow.wait', { ms: 200, value: 'medium' })),
      note(client.query('ping')),
    ]);

    expect(order).toEqual(['pong', { value: 'medium' }, { value: 'slow' }]);
  });

  test('iterates over streamed values', async () => {
    const values = await connect().query('stream.count', { from: 1, to: 3, delayMs: 20 });

    expect(await collect(values)).toEqual([1, 2, 3]);
    expect(await collect(await connect().query('stream.empty'))).toEqual([]);
  });

  test('a loop over values throws the typed error at its place', async () => {
    const values = await connect().query('stream.throws', { after: 2, code: 'FORBIDDEN' });
    const seen: unknown[] = [];

    const error = await failure(collect(values, seen));

    expect(seen).toEqual([1, 2]);
    expect(error.data).toMatchObject({ code: 'FORBIDDEN', path: 'stream.throws' });
  });

  test('fields come later, and may fail', async () => {
    const client = connect();

    const answer = await client.query('stream.deferred');
    const later = await field(answer, 'later');
    expect(answer).toMatchObject({ now: 1 });
    expect(later).toMatchObject({ two: 2 });
    expect(await field(later, 'evenLater')).toBe('three');

    const rejected = await client.query('stream.deferredReject');
    const error = await failure(field(rejected, 'bad'));
    expect(rejected).toMatchObject({ ok: 1 });
    expect(error.data).toMatchObject({ code: 'CONFLICT', path: 'stream.deferredReject' });
  });

  test('an abort reaches the procedure between two values', async () => {
    const key = uniqueKey();
    const abort = new AbortController();
    const values = await connect().query(
      'stream.tracked',
      { key, delayMs: 20 },
      { signal: abort.signal },
    );
    await eventually(() => gauge(key), ACTIVE);

    abort.abort();

    await expect(collect(values)).rejects.toThrow(/abort/i);
    await eventually(() => gauge(key), ABORTED);
  });
});

async function collect(values: unknown, seen: unknown[] = []): Promise<unknown[]> {
  if (!isAsyncIterable(values)) {
    throw new Error(`not iterable: ${JSON.stringify(values)}`);
  }
  for await (const value of values) {
    seen.push(value);
  }
  return seen;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

async function field(object: unknown, name: string): Promise<unknown> {
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined;
}
