import { once } from 'node:events';
import { createServer } from 'node:http';
import { type LinksOptions, links } from '@tintype/client/links';
import { createTRPCUntypedClient } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import { EventSource } from 'eventsource';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, profile, recorder } from './server.ts';

function official({
  profile: name,
  ...options
}: Partial<LinksOptions> & { profile?: string } = {}) {
  return createTRPCUntypedClient<AnyTRPCRouter>({
    links: links<AnyTRPCRouter>({
      url: profile(name),
      // A class that fits where the browser's does.
      EventSource: Object(EventSource),
      ...options,
    }),
  });
}

test('calls are batched, but those that are alone', async () => {
  const { sent, fetch } = recorder();
  const client = official({ fetch, contract: { alone: ['a.top'] } });

  const answers = await Promise.all(['ping', 'a.top', 'a.b.mid'].map((path) => client.query(path)));

  expect(answers).toEqual(['pong', 'a.top', 'a.b.mid']);
  expect(sent.map(({ target }) => target.split('?')[0]).sort()).toEqual([
    '/a.top',
    '/ping,a.b.mid',
  ]);
});

test('a batch has no more calls than servers accept', async () => {
  const { sent, fetch } = recorder();
  const client = official({ fetch });

  await Promise.all(Array.from({ length: 30 }, () => client.query('ping')));

  expect(sent.map(({ target }) => target.split(',').length)).toEqual([20, 10]);
});

test('sensitive queries go by POST', async () => {
  const { sent, fetch } = recorder();
  const contract = { post: ['echo', 'a.top'], alone: ['a.top'] };
  const client = official({ fetch, profile: 'override', contract });

  const answers = await Promise.all([
    client.query('echo', 'secret'),
    client.query('a.top'),
    client.query('ping'),
  ]);

  expect(answers).toEqual([{ present: true, input: 'secret' }, 'a.top', 'pong']);
  expect(
    sent.map(({ method, target }) => `${method} ${target.split(/[?&]input/)[0]}`).sort(),
  ).toEqual(['GET /ping?batch=1', 'POST /a.top', 'POST /echo?batch=1']);
});

test('a query that is too long for a batch is sent all the same', async () => {
  const text = 'x'.repeat(3000);

  expect(await official().query('a.b.c.echo', { text })).toBe(text);
});

test('forms and bytes are sent as they are', async () => {
  const client = official();
  const form = new FormData();
  form.append('title', 'a');

  expect(await client.mutation('form.submit', form)).toEqual({
    entries: [{ name: 'title', kind: 'text', value: 'a' }],
  });
  expect(await client.mutation('form.octet', new Uint8Array([1, 2]))).toEqual({
    length: 2,
    sum: 3,
  });
});

test('batches are answered line by line where that is asked for', async () => {
  const client = official({ stream: true });

  expect(await client.query('ctx.info')).toMatchObject({ accept: 'application/jsonl' });
});

test('subscriptions are event streams', async () => {
  const data: unknown[] = [];
  let isComplete = false;

  official({ connectionParams: { token: 'ann' } }).subscription('sub.whoami', undefined, {
    onData: (event) => data.push(event),
    onComplete: () => {
      isComplete = true;
    },
  });

  await eventually(() => isComplete, true);
  expect(data).toEqual([{ user: 'ann' }]);
});

test('the server hears of the contract, and the client that it is outdated', async () => {
  const heard: unknown[] = [];
  const server = createServer((request, response) => {
    heard.push([request.headers['tintype-contract'], request.headers['x-one']]);
    response.setHeader('tintype-contract', 'outdated').end('[{"result":{"data":"pong"}}]');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
  });
  const { port } = Object(server.address());
  let told = 0;
  const client = official({
    url: `http://127.0.0.1:${port}`,
    contract: { hash: '0123abcd' },
    headers: async () => ({ 'x-one': '1' }),
    onOutdated: () => {
      told += 1;
    },
  });

  await client.query('ping');
  await client.query('ping');

  expect(heard).toEqual(Array(2).fill(['0123abcd', '1']));
  expect(told).toBe(1);
});
