import {
  createWSClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpLink,
  httpSubscriptionLink,
  wsLink,
} from '@trpc/client';
import { EventSource } from 'eventsource';
import superjson from 'superjson';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  type Client,
  clientOf,
  eventually,
  failure,
  profile,
  socketProfile,
  subscribe,
} from './client.ts';

const url = () => profile('superjson');
const transformer = superjson;

const rich = {
  date: new Date('2020-01-02T03:04:05.678Z'),
  big: 18_446_744_073_709_551_615n,
  bytes: new Uint8Array([0, 127, 255]),
  map: new Map([['one', 1n]]),
  set: new Set(['a', 'b']),
};

const links = {
  httpLink: () => clientOf(httpLink({ url: url(), transformer })),
  httpBatchLink: () => clientOf(httpBatchLink({ url: url(), transformer })),
  httpBatchStreamLink: () => clientOf(httpBatchStreamLink({ url: url(), transformer })),
} satisfies Record<string, () => Client>;

describe.each(Object.entries(links))('superjson over %s', (_, connect) => {
  test('dates, big integers, bytes, maps and sets arrive as they were sent', async () => {
    const client = connect();

    expect(await client.query('rich.echo', rich)).toEqual(rich);
    expect(await client.mutation('rich.echoMutation', rich)).toEqual(rich);
  });

  test('nothing and null are told apart, in both directions', async () => {
    const client = connect();

    expect(await client.query('values.undefined')).toBeUndefined();
    expect(await client.query('values.null')).toBeNull();
    expect(await client.query('echo')).toEqual({ present: false });
    expect(await client.query('echo', null)).toEqual({ present: true, input: null });
  });

  test('errors are read', async () => {
    const error = await failure(connect().query('error.throw', { code: 'CONFLICT' }));

    expect(error.message).toBe('failed with CONFLICT');
    expect(error.data).toMatchObject({ code: 'CONFLICT', path: 'error.throw' });
  });
});

test('parts that come later are JavaScript’s own values too', async () => {
  const client = links.httpBatchStreamLink();

  const answer = Object(await client.query('rich.later', rich));
  expect(answer.now).toEqual(rich.date);
  expect(await answer.later).toEqual(rich);

  const seen: unknown[] = [];
  for await (const value of Object(await client.query('rich.twice', rich))) {
    seen.push(value);
  }
  expect(seen).toEqual([rich, rich]);
});

test('events are JavaScript’s own values too', async () => {
  const client = clientOf(httpSubscriptionLink({ url: url(), transformer, EventSource }));

  const seen = subscribe(client, 'rich.events', rich);

  await eventually(() => seen.completed, true);
  expect(seen.data).toEqual([rich, rich]);
});

test('a WebSocket carries them too', async () => {
  const socket = createWSClient({
    url: socketProfile('superjson'),
    // The type of the browser's class, of which the client needs a part.
    WebSocket: Object(WebSocket),
  });
  const client = clientOf(wsLink({ client: socket, transformer }));
  try {
    expect(await client.query('rich.echo', rich)).toEqual(rich);
    const seen = subscribe(client, 'rich.events', rich);
    await eventually(() => seen.completed, true);
    expect(seen.data).toEqual([rich, rich]);
    const error = await failure(client.query('error.throw', { code: 'CONFLICT' }));
    expect(error.data).toMatchObject({ code: 'CONFLICT' });
  } finally {
    await socket.close();
  }
});
