import { createWSClient, wsLink } from '@trpc/client';
import { afterEach, expect, inject, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  ABORTED,
  ACTIVE,
  clientOf,
  eventually,
  failure,
  gauge,
  socketProfile,
  subscribe,
  uniqueKey,
} from './client.ts';

const open: { close: () => unknown }[] = [];

function connect(options: { profile?: string; token?: string } = {}) {
  const { profile, token } = options;
  const socket = createWSClient({
    url: socketProfile(profile),
    // The type of the browser's class, of which the client needs a part.
    WebSocket: Object(WebSocket),
    retryDelayMs: () => 10,
    ...(token === undefined ? {} : { connectionParams: { token } }),
  });
  open.push(socket);
  return clientOf(wsLink({ client: socket }));
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((socket) => socket.close()));
});

/** Breaks or moves every connection of the default profile. */
async function control(action: 'drop' | 'reconnect', profile: string): Promise<void> {
  const url = `${inject('server')}/__control/${profile}/${action}`;
  expect((await fetch(url, { method: 'POST' })).status).toBe(204);
}

test('delivers results and typed errors', async () => {
  const client = connect();

  const [sum, nothing, absent, none, error] = await Promise.all([
    client.query('math.add', { a: 1, b: 2 }),
    client.mutation('fire'),
    client.query('echo'),
    client.query('echo', null),
    failure(client.query('error.throw', { code: 'CONFLICT' })),
  ]);

  expect(sum).toEqual({ sum: 3 });
  expect(nothing).toBeUndefined();
  expect(absent).toEqual({ present: false });
  expect(none).toEqual({ present: true, input: null });
  expect(error.shape).toEqual({
    message: 'failed with CONFLICT',
    code: -32009,
    data: { code: 'CONFLICT', httpStatus: 409, path: 'error.throw' },
  });
});

test('answers come as the calls end', async () => {
  const client = connect();
  const order: unknown[] = [];
  const note = async (call: Promise<unknown>) => order.push(await call);

  await Promise.all([
    note(client.query('slow.wait', { ms: 200, value: 'slow' })),
    note(client.query('ping')),
  ]);

  expect(order).toEqual(['pong', { value: 'slow' }]);
});

test('connection params reach the context', async () => {
  expect(await connect({ token: 'ann' }).query('auth.whoami')).toEqual({ user: 'ann' });
  const anonymous = await failure(connect().query('auth.whoami'));
  expect(anonymous.data).toMatchObject({ code: 'UNAUTHORIZED' });
});

test('delivers every value of a subscription and its end', async () => {
  const seen = subscribe(connect(), 'sub.mixed');

  await eventually(() => seen.completed, true);

  expect(seen.data).toEqual([
    { plain: 1 },
    { id: 'id-1', data: { tracked: 1 } },
    { plain: 2 },
    { id: 'id-2', data: { tracked: 2 } },
  ]);
});

test('a subscription ends with its typed error', async () => {
  const seen = subscribe(connect(), 'sub.throws', { after: 1, code: 'FORBIDDEN' });

  await eventually(() => seen.errors.length, 1);

  expect(seen.data).toEqual([1]);
  expect(seen.errors[0]?.data).toMatchObject({ code: 'FORBIDDEN', path: 'sub.throws' });
});

test('leaving ends the procedure', async () => {
  const key = uniqueKey();
  const seen = subscribe(connect(), 'sub.infinite', { key, delayMs: 5000 });
  await eventually(() => seen.data, [0]);
  expect(await gauge(key)).toEqual(ACTIVE);

  seen.unsubscribe();

  await eventually(() => gauge(key), ABORTED);
});

test('closing the connection ends the procedures', async () => {
  const key = uniqueKey();
  const seen = subscribe(connect(), 'sub.infinite', { key, delayMs: 5000 });
  await eventually(() => seen.data, [0]);

  await Promise.all(open.splice(0).map((socket) => socket.close()));

  await eventually(() => gauge(key), ABORTED);
});

// A profile of its own for each: all of its connections are concerned.
test('resumes after the last event when the connection drops', async () => {
  const seen = subscribe(connect({ profile: 'override' }), 'sub.tracked', { to: 8, delayMs: 100 });
  await eventually(() => seen.data.length >= 2, true);

  await control('drop', 'override');

  await eventually(() => seen.completed, true);
  expect(seen.data.map((event) => Reflect.get(Object(event), 'id'))).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
  ]);
});

test('moves its subscriptions when the server asks for it', async () => {
  const seen = subscribe(connect({ profile: 'small' }), 'sub.tracked', { to: 8, delayMs: 100 });
  await eventually(() => seen.data.length >= 2, true);

  await control('reconnect', 'small');

  await eventually(() => seen.completed, true);
  const ids = new Set(seen.data.map((event) => Reflect.get(Object(event), 'id')));
  expect([...ids]).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
});

test('keep-alive leaves a silent connection open', async () => {
  const seen = subscribe(connect({ profile: 'ping' }), 'sub.silent', { ms: 1200 });

  await eventually(() => seen.completed, true);

  expect(seen.data).toEqual(['done']);
});
