import { postLongQueries, safe } from '@tintype/client';
import { describe, expect, test } from 'vitest';
import {
  ABORTED,
  ACTIVE,
  connect,
  eventually,
  failure,
  gauge,
  profile,
  recorder,
  uniqueKey,
} from './server.ts';

describe('results', () => {
  test('a call gives what the procedure returns', async () => {
    const api = connect();

    expect(await api.ping.query()).toBe('pong');
    expect(await api.a.b.c.leaf.query()).toBe('a.b.c.leaf');
    expect(await api.a.b.c.echo.query({ text: 'é 🦀 \u2028' })).toBe('é 🦀 \u2028');
    expect(await api.values.null.query()).toBeNull();
    expect(await api.values.undefined.query()).toBeUndefined();
    expect(await api.fire.mutate()).toBeUndefined();
    expect(await api.values.largeString.query()).toBe('x'.repeat(20_000));
  });

  test('an address may end with a slash', async () => {
    const api = connect({ url: `${profile()}/` });

    expect(await api.ping.query()).toBe('pong');
    expect(await api.fire.mutate()).toBeUndefined();
  });

  test('an absent input is not null', async () => {
    const api = connect();
    const inputs = [undefined, null, false, 0, '', [], { a: [1.5, null] }];

    const queried = await Promise.all(inputs.map((input) => api.echo.query(input)));
    const mutated = await Promise.all(inputs.map((input) => api.echoMutation.mutate(input)));

    const [absent, ...present] = queried;
    expect(absent).toEqual({ present: false });
    expect(present).toEqual(inputs.slice(1).map((input) => ({ present: true, input })));
    expect(mutated).toEqual(queried);
    expect(await api.echo.query(undefined)).toEqual({ present: false });
    expect(await api.echoMutation.mutate(null)).toEqual({ present: true, input: null });
  });

  test('a client can be awaited and inspected, and is no promise', async () => {
    const api = connect();

    expect(await Promise.resolve(api.a)).toBeTypeOf('object');
    expect(Reflect.get(api.a, Symbol.toPrimitive)).toBeUndefined();
  });
});

describe('batches', () => {
  test('calls of one tick share a request per kind', async () => {
    const { sent, fetch } = recorder();
    const api = connect({ fetch });
    const key = uniqueKey();

    const answers = await Promise.all([
      api.ping.query(),
      api.counter.increment.mutate({ key }),
      api.echo.query({ a: 1 }),
      api.counter.increment.mutate({ key, by: 2 }),
    ]);

    expect(answers).toEqual(['pong', 1, { present: true, input: { a: 1 } }, 3]);
    expect(sent.map(({ method, target }) => [method, decodeURIComponent(target)])).toEqual([
      ['GET', '/ping,echo?batch=1&input={"1":{"a":1}}'],
      ['POST', '/counter.increment,counter.increment?batch=1'],
    ]);
  });

  test('a call that is the only one of its tick is no batch', async () => {
    const { sent, fetch } = recorder();

    await connect({ fetch, profile: 'nobatch' }).ping.query();

    expect(sent.map(({ target }) => target)).toEqual(['/ping']);
  });

  test('a batch has no more calls than maxItems', async () => {
    const { sent, fetch } = recorder();
    const api = connect({ fetch, profile: 'maxbatch', maxItems: 2 });

    const texts = ['a', 'b', 'c', 'd', 'e'];
    const answers = await Promise.all(texts.map((text) => api.a.b.c.echo.query({ text })));

    expect(answers).toEqual(texts);
    expect(sent.length).toBe(3);
  });

  test('no more than twenty calls share a request by default', async () => {
    const { sent, fetch } = recorder();
    const api = connect({ fetch });

    await Promise.all(Array.from({ length: 41 }, () => api.ping.query()));

    const sizes = sent.map(({ target }) => target.split(',').length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(41);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20);
  });

  test('a batch by GET is split where its URL would be too long', async () => {
    const { sent, fetch } = recorder();
    const api = connect({ fetch, maxUrlLength: 500 });
    const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(200));

    const answers = await Promise.all(texts.map((text) => api.a.b.c.echo.query({ text })));

    expect(answers).toEqual(texts);
    expect(sent.length).toBeGreaterThan(1);
    expect(Math.max(...sent.map(({ target }) => target.length))).toBeLessThanOrEqual(500);
  });

  test('a mutation is not split for the length of its input', async () => {
    const { sent, fetch } = recorder();
    const api = connect({ fetch, maxUrlLength: 500 });

    const inputs = ['a', 'b'].map((letter) => letter.repeat(1000));
    await Promise.all(inputs.map((input) => api.echoMutation.mutate(input)));

    expect(sent.length).toBe(1);
  });

  test('procedures that are alone share their request with no other call', async () => {
    const { sent, fetch } = recorder();
    const api = connect({ fetch, contract: { alone: ['echo'] } });

    await Promise.all([
      api.ping.query(),
      api.echo.query(undefined),
      api.echo.query(undefined),
      api.ping.query(),
    ]);

    expect(sent.map(({ target }) => target).sort()).toEqual([
      '/echo',
      '/echo',
      '/ping,ping?batch=1&input=%7B%7D',
    ]);
  });

  test('an input is sent as it was when the call was made', async () => {
    const input = { count: 1 };

    const call = connect().echo.query(input);
    input.count = 2;

    expect(await call).toEqual({ present: true, input: { count: 1 } });
  });

  test('what fetch understands is passed on to it', async () => {
    const passed: unknown[] = [];
    const api = connect({
      credentials: 'include',
      cache: 'no-store',
      fetch: (url, init) => {
        passed.push([init.credentials, init.cache]);
        return fetch(url, init);
      },
    });

    expect(await api.ping.query()).toBe('pong');
    expect(passed).toEqual([['include', 'no-store']]);
  });

  test('a call with headers has a request of its own', async () => {
    const { sent, fetch } = recorder();
    const api = connect({ fetch, headers: async () => ({ 'x-one': '1', 'x-two': '1' }) });
    const header = (name: string, headers?: Record<string, string>) =>
      api.ctx.header.query({ name }, { headers });

    const [one, two] = await Promise.all([
      header('x-one'),
      header('x-two', { 'x-two': '2' }),
      header('x-one'),
    ]);

    expect([one.value, two.value]).toEqual(['1', '2']);
    expect(sent.length).toBe(2);
  });
});

describe('queries by POST', () => {
  test('what the contract calls sensitive is in no URL, and not beside mutations', async () => {
    const { sent, fetch } = recorder();
    const api = connect({ fetch, profile: 'override', contract: { post: ['echo'] } });

    const [secret] = await Promise.all([
      api.echo.query('secret'),
      api.echoMutation.mutate('other'),
      api.ping.query(),
    ]);

    expect(secret).toEqual({ present: true, input: 'secret' });
    expect(sent.map(({ method, target }) => [method, target]).sort()).toEqual([
      ['GET', '/ping'],
      ['POST', '/echo'],
      ['POST', '/echoMutation'],
    ]);
  });

  test('a query that is too long goes by POST where that is asked for', async () => {
    const { sent, fetch } = recorder();
    const api = connect({ fetch: postLongQueries(fetch), profile: 'override' });
    const text = 'x'.repeat(3000);

    expect(await api.a.b.c.echo.query({ text })).toBe(text);
    expect(sent.map(({ method, target }) => [method, target])).toEqual([['POST', '/a.b.c.echo']]);
  });

  test('a query that is too long goes by GET by default', async () => {
    const { sent, fetch } = recorder();
    const text = 'x'.repeat(3000);

    expect(await connect({ fetch }).a.b.c.echo.query({ text })).toBe(text);
    expect(sent.map(({ method }) => method)).toEqual(['GET']);
  });
});

describe('errors', () => {
  test('a failure has the code, the status, the path and the message', async () => {
    const api = connect();

    const [error, fine] = await Promise.all([
      failure(api.error.throw.query({ code: 'CONFLICT', message: 'taken' })),
      api.ping.query(),
    ]);

    expect(fine).toBe('pong');
    expect(error).toMatchObject({
      name: 'ApiError',
      code: 'CONFLICT',
      httpStatus: 409,
      path: 'error.throw',
      message: 'taken',
    });
  });

  test('safe gives an output or an error', async () => {
    const api = connect();

    expect(await safe(api.ping.query())).toEqual(['pong', undefined]);
    const [nothing, error] = await safe(api.error.app.mutate());
    expect(nothing).toBeUndefined();
    expect(error).toMatchObject({ code: 'BAD_REQUEST', message: 'insufficient funds' });
  });

  test('the error of a procedure is typed', async () => {
    const api = connect({ profile: 'full' });

    const [, error] = await safe(api.error.app.mutate());

    // Compiles only because the error is that of the procedure.
    expect([error?.error?.appCode, error?.error?.balance]).toEqual(['INSUFFICIENT_FUNDS', 30]);
    expect(error?.code).toBe('BAD_REQUEST');
  });

  test('what a host adds to errors is in their data', async () => {
    const error = await failure(connect({ profile: 'fmt' }).error.app.mutate());

    expect(error.data).toMatchObject({ traceId: 'trace-0001', balance: 30 });
  });

  test('what is wrong with an input has a place in it', async () => {
    const api = connect({ profile: 'full' });
    const input = Object({ user: { name: 'ann', address: { city: 5 } } });

    const error = await failure(api.input.nested.query(input));

    expect(error.code).toBe('BAD_REQUEST');
    expect(error.validation?.map(({ path, code }) => ({ path, code }))).toEqual([
      { path: ['user', 'address', 'city'], code: 'invalid_type' },
    ]);
  });

  test('a batch that is refused as a whole fails each of its calls', async () => {
    const api = connect({ profile: 'nobatch' });

    const errors = await Promise.all([failure(api.ping.query()), failure(api.ping.query())]);

    expect(errors.map(({ code }) => code)).toEqual(['BAD_REQUEST', 'BAD_REQUEST']);
  });

  test('an answer that is not of the protocol is malformed', async () => {
    const server = (body: string, status = 200) => ({
      fetch: async () => new Response(body, { status }),
      retries: 0,
    });

    const bodies = ['', '<html>', 'null', '5', '[]', '{}'];
    const results = ['{"result":5}', '{"result":null}'];
    const errors = ['{"error":{}}', '{"error":null}', '{"error":{"data":null}}'];
    for (const body of [...bodies, ...results, ...errors]) {
      const error = await failure(connect(server(body)).ping.query());
      expect([body, error.code, error.httpStatus]).toEqual([body, 'MALFORMED', 200]);
    }
    const down = await failure(connect(server('<h1>down</h1>', 502)).ping.query());
    expect(down).toMatchObject({ code: 'MALFORMED', httpStatus: 502, path: 'ping' });
  });

  test('a batch that is answered too shortly is malformed where it ends', async () => {
    const fetch = async () => new Response('[{"result":{"data":1}}]');
    const api = connect({ fetch });

    const [first, second] = await Promise.all([api.ping.query(), failure(api.ping.query())]);

    expect([first, second.code]).toEqual([1, 'MALFORMED']);
  });

  test('what the server says cannot change what an error is', async () => {
    const data = '{"code":"CONFLICT","__proto__":{"polluted":1},"stack":"s","message":"m"}';
    const fetch = async () => new Response(`{"error":{"message":"no","code":1,"data":${data}}}`);

    const error = await failure(connect({ fetch }).ping.query());

    expect(error.message).toBe('no');
    expect(Reflect.get(error, 'polluted')).toBeUndefined();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  test.each([
    ['a form', new FormData(), 'FormData needs rich or uploads'],
    ['bytes', new Uint8Array([1]), 'Uint8Array needs rich or uploads'],
    ['a map', new Map(), 'Map needs rich or uploads'],
  ])('%s is not sent as what JSON would make of it', async (_, input, problem) => {
    const { sent, fetch } = recorder();

    const error = await failure(connect({ fetch }).echoMutation.mutate(input));

    expect(error).toMatchObject({ code: 'BAD_REQUEST', message: `echoMutation: ${problem}` });
    expect(sent).toEqual([]);
  });

  test('an input that cannot be written fails before anything is sent', async () => {
    const { sent, fetch } = recorder();
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const api = connect({ fetch });

    const errors = await Promise.all([
      failure(api.echo.query(cyclic)),
      failure(api.echo.query({ big: 1n })),
    ]);

    expect(errors.map(({ code, path }) => [code, path])).toEqual([
      ['BAD_REQUEST', 'echo'],
      ['BAD_REQUEST', 'echo'],
    ]);
    expect(sent).toEqual([]);
  });
});

describe('giving up', () => {
  test('a call that is aborted leaves the rest of its batch alone', async () => {
    const api = connect();
    const [kept, given] = [uniqueKey(), uniqueKey()];
    const controller = new AbortController();
    const { signal } = controller;

    const first = api.slow.abortable.query({ key: kept, ms: 300 });
    const second = failure(api.slow.abortable.query({ key: given, ms: 300 }, { signal }));
    await eventually(() => gauge(given), ACTIVE);
    controller.abort('no more');

    expect(await second).toMatchObject({
      code: 'ABORTED',
      cause: 'no more',
      path: 'slow.abortable',
    });
    expect(await first).toBe('done');
    expect(await gauge(given)).toEqual({ active: 0, aborted: 0, completed: 1 });
  });

  test('the procedures are cancelled once every call of a batch is aborted', async () => {
    const api = connect();
    const keys = [uniqueKey(), uniqueKey()];
    const controllers = keys.map(() => new AbortController());

    const calls = keys.map((key, index) => {
      const signal = controllers[index]?.signal;
      return failure(api.slow.abortable.query({ key, ms: 5000 }, { signal }));
    });
    await Promise.all(keys.map((key) => eventually(() => gauge(key), ACTIVE)));
    for (const controller of controllers) {
      controller.abort();
    }

    expect((await Promise.all(calls)).map(({ code }) => code)).toEqual(['ABORTED', 'ABORTED']);
    await Promise.all(keys.map((key) => eventually(() => gauge(key), ABORTED)));
  });

  test('a call that is aborted before its tick ends is not sent', async () => {
    const { sent, fetch } = recorder();
    const api = connect({ fetch });
    const controller = new AbortController();
    const { signal } = controller;

    const before = failure(api.ping.query(undefined, { signal: AbortSignal.abort() }));
    const during = failure(api.ping.query(undefined, { signal }));
    controller.abort();
    const kept = api.a.b.c.leaf.query();

    expect([(await before).code, (await during).code]).toEqual(['ABORTED', 'ABORTED']);
    expect(await kept).toBe('a.b.c.leaf');
    expect(sent.map(({ target }) => target)).toEqual(['/a.b.c.leaf']);
  });
});
