import { httpBatchLink, httpSubscriptionLink, retryLink, splitLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import { expect, test } from 'vitest';
import {
  ABORTED,
  ACTIVE,
  clientOf,
  eventually,
  gauge,
  profile,
  subscribe,
  uniqueKey,
} from './client.ts';

const connect = (name?: string) =>
  clientOf(httpSubscriptionLink({ url: profile(name), EventSource }));

test('delivers every value and the end', async () => {
  const seen = subscribe(connect(), 'sub.count', { from: 1, to: 4, delayMs: 10 });

  await eventually(() => seen.completed, true);

  expect(seen.data).toEqual([1, 2, 3, 4]);
  expect(seen.errors).toEqual([]);
});

test('delivers values of every sort', async () => {
  const seen = subscribe(connect(), 'sub.values');

  await eventually(() => seen.completed, true);

  expect(seen.data).toEqual([
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

test('delivers ids with tracked values only', async () => {
  const seen = subscribe(connect(), 'sub.mixed');

  await eventually(() => seen.completed, true);

  expect(seen.data).toEqual([
    { plain: 1 },
    { id: 'id-1', data: { tracked: 1 } },
    { plain: 2 },
    { id: 'id-2', data: { tracked: 2 } },
  ]);
});

test('resumes after the last event when the connection breaks', async () => {
  const input = { key: uniqueKey(), failAfter: 2, to: 4, code: 'INTERNAL_SERVER_ERROR' };

  const seen = subscribe(connect(), 'sub.flaky', input);

  await eventually(() => seen.completed, true);
  expect(seen.data).toEqual(delivered([1, 1], [2, 1], [3, 2], [4, 2]));
  expect(seen.errors).toEqual([]);
});

test('connects again where the server ends a stream at its age', async () => {
  const seen = subscribe(connect('maxdur'), 'sub.tracked', { to: 6, delayMs: 100 });

  await eventually(() => seen.completed, true);

  expect(seen.data.map((event) => Reflect.get(Object(event), 'id'))).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
  ]);
});

test('ends with the typed error that is not worth another try', async () => {
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

test('connection params reach the context', async () => {
  const link = httpSubscriptionLink({
    url: profile(),
    EventSource,
    connectionParams: async () => ({ token: 'ann' }),
  });

  const seen = subscribe(clientOf(link), 'sub.whoami');

  await eventually(() => seen.completed, true);
  expect(seen.data).toEqual([{ user: 'ann' }]);
  const refused = subscribe(connect(), 'sub.whoami');
  await eventually(() => refused.errors.length, 1);
  expect(refused.errors[0]?.data).toMatchObject({ code: 'UNAUTHORIZED' });
});

test('pings keep a silent stream alive', async () => {
  const seen = subscribe(connect('ping'), 'sub.silent', { ms: 1500 });

  await eventually(() => seen.completed, true);

  expect(seen.data).toEqual(['done']);
  expect(seen.started).toBe(1);
});

test('splitLink sends subscriptions and calls their own ways', async () => {
  const client = clientOf(
    splitLink({
      condition: (operation) => operation.type === 'subscription',
      true: httpSubscriptionLink({ url: profile(), EventSource }),
      false: httpBatchLink({ url: profile() }),
    }),
  );

  const seen = subscribe(client, 'sub.noInput');

  expect(await client.query('ping')).toBe('pong');
  await eventually(() => seen.completed, true);
  expect(seen.data).toEqual(['a', 'b']);
});

test('retryLink subscribes anew after the last event', async () => {
  const attempts: number[] = [];
  const client = clientOf(
    retryLink({
      retry: ({ attempts: attempt, error }) => {
        attempts.push(attempt);
        return error.data?.code === 'TOO_MANY_REQUESTS';
      },
    }),
    httpSubscriptionLink({ url: profile(), EventSource }),
  );
  const input = { key: uniqueKey(), failAfter: 1, to: 3, code: 'TOO_MANY_REQUESTS' };

  const seen = subscribe(client, 'sub.flaky', input);

  await eventually(() => seen.completed, true);
  expect(seen.data).toEqual(delivered([1, 1], [2, 2], [3, 2]));
  expect(attempts).toEqual([1]);
});

function delivered(...events: [n: number, connection: number][]): unknown[] {
  return events.map(([n, connection]) => ({ id: `${n}`, data: { n, connection } }));
}
