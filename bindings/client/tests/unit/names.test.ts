import { expect, test } from 'vitest';
import { createClient, type Query, type Subscription, type Transport } from '../../src/index.js';

type Api = {
  query: { list: Query<void, string> };
  chat: {
    mutate: Query<number, string>;
    subscribe: Subscription<{ room: string }, string>;
    then: Query<void, string>;
  };
};

test('procedures and namespaces may have the names of methods', async () => {
  const seen: unknown[] = [];
  const transport: Transport = () => (operation) => {
    seen.push([operation.kind, operation.path, operation.input]);
    operation.onData('answer');
    operation.end();
  };
  const client = createClient<Api>(transport, { url: '/trpc' });

  await expect(client.query.list.query()).resolves.toBe('answer');
  await expect(client.chat.mutate.query(7)).resolves.toBe('answer');
  await expect(client.chat.then.query()).resolves.toBe('answer');
  client.chat.subscribe.subscribe({ room: 'a' }, { onData: (data) => seen.push(data) });

  expect(seen).toEqual([
    ['query', 'query.list', undefined],
    ['query', 'chat.mutate', 7],
    ['query', 'chat.then', undefined],
    ['subscribe', 'chat.subscribe', { room: 'a' }],
    'answer',
  ]);
  // What is awaited by mistake is no promise.
  expect(await Promise.resolve(client.chat).then((chat) => typeof chat)).toBe('object');
});
