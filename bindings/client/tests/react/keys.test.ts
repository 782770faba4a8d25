import { hashKey, QueryClient } from '@tanstack/react-query';
import { createClient, http, type Query, type Rich } from '@tintype/client';
import { createTanstackQuery, liveOptions, streamOptions } from '@tintype/client/react';
import { richTypes } from '@tintype/client/rich';
import { expect, test } from 'vitest';
import type { ConformanceApi } from './conformance-api.ts';

const client = createClient<ConformanceApi>(http, { url: 'http://localhost/trpc' });
const api = createTanstackQuery(client);

const PAGES = { cursorField: 'after', getNextPageParam: () => undefined } as const;

test('keys say which procedure, which input and what for', () => {
  expect(api.key()).toEqual([[]]);
  expect(api.counter.key()).toEqual([['counter']]);
  expect(api.counter.get.key()).toEqual([['counter', 'get']]);
  expect(api.ping.queryKey()).toEqual([['ping'], { type: 'query' }]);
  expect(api.counter.get.queryKey({ key: 'a' })).toEqual([
    ['counter', 'get'],
    { type: 'query', input: { key: 'a' } },
  ]);
  expect(api.echo.infiniteQueryOptions({ limit: 2 }, PAGES).queryKey).toEqual([
    ['echo'],
    { type: 'infinite', input: { limit: 2 } },
  ]);
  expect(api.counter.increment.mutationKey()).toEqual([['counter', 'increment']]);
  expect(liveOptions(api.sub.noInput.subscriptionOptions()).queryKey).toEqual([
    'events',
    ['sub', 'noInput'],
    { type: 'events' },
    'live',
  ]);
  expect(streamOptions(api.sub.count.subscriptionOptions({ from: 1, to: 2 })).queryKey).toEqual([
    'events',
    ['sub', 'count'],
    { type: 'events', input: { from: 1, to: 2 } },
    'stream',
  ]);
});

test('options have the key that queryKey gives', () => {
  expect(api.ping.queryOptions().queryKey).toEqual(api.ping.queryKey());
  expect(api.echo.queryOptions({ limit: 1 }).queryKey).toEqual(api.echo.queryKey({ limit: 1 }));
});

/** The inputs of `echo` in a cache, of those that `filter` finds. */
function found(filter: { queryKey: readonly unknown[] }): unknown[] {
  const queryClient = new QueryClient();
  const page = { present: true, input: {} };
  queryClient.setQueryData(api.echo.queryKey({ limit: 1 }), page);
  queryClient.setQueryData(api.echo.queryKey({ limit: 1, after: 2 }), page);
  queryClient.setQueryData(api.echo.queryKey({ limit: 2 }), page);
  queryClient.setQueryData(api.echo.infiniteQueryOptions({ limit: 1 }, PAGES).queryKey, {
    pages: [page],
    pageParams: [undefined],
  });
  queryClient.setQueryData(api.counter.get.queryKey({ key: 'a' }), 1);
  queryClient.setQueryData(liveOptions(api.sub.noInput.subscriptionOptions()).queryKey, 'a');
  queryClient.setQueryData(['of the application'], 'a');
  return queryClient
    .getQueryCache()
    .findAll(filter)
    .map((query) => query.queryKey);
}

test('the filter of a level finds the queries below it, and neither streams nor those of others', () => {
  expect(found(api.filter())).toHaveLength(5);
  expect(found({ queryKey: api.key() })).toHaveLength(5);
  expect(found(api.counter.filter())).toEqual([api.counter.get.queryKey({ key: 'a' })]);
  expect(found(api.echo.filter())).toHaveLength(4);
  expect(found(api.sub.filter())).toEqual([]);
});

test('the filter of an input finds the answers to every input that has as much', () => {
  expect(found(api.echo.queryFilter())).toHaveLength(3);
  expect(found(api.echo.queryFilter({ limit: 1 }))).toEqual([
    api.echo.queryKey({ limit: 1 }),
    api.echo.queryKey({ limit: 1, after: 2 }),
  ]);
  expect(api.echo.queryFilter({ limit: 1 }, { stale: true, exact: true })).toEqual({
    queryKey: api.echo.queryKey({ limit: 1 }),
    stale: true,
    exact: true,
  });
});

test('inputs that are the same on the wire have the same key', () => {
  const key = hashKey(api.echo.queryKey({ limit: 1, after: 2 }));

  expect(hashKey(api.echo.queryKey({ after: 2, limit: 1 }))).toBe(key);
  // JavaScript lets a field be undefined, which the type forbids.
  const given = Object({ limit: 1, after: undefined });
  expect(hashKey(api.echo.queryKey(given))).toBe(hashKey(api.echo.queryKey({ limit: 1 })));
});

interface RichApi extends Rich {
  find: Query<{ id: bigint; since: Date; hash: Uint8Array; tags: Map<string, bigint> }, string>;
}

test('keys of rich inputs hash, and differ where the inputs do', () => {
  const rich = richTypes([], {});
  const richApi = createTanstackQuery(
    createClient<RichApi>(http, { url: 'http://localhost/trpc', rich }),
    { rich },
  );
  const keyOf = (id: bigint, ms: number, byte: number, tag: bigint) =>
    hashKey(
      richApi.find.queryKey({
        id,
        since: new Date(ms),
        hash: new Uint8Array([byte]),
        tags: new Map([['a', tag]]),
      }),
    );

  const key = keyOf(2n ** 63n, 5, 1, 1n);

  expect(keyOf(2n ** 63n, 5, 1, 1n)).toBe(key);
  expect(new Set([key, keyOf(3n, 5, 1, 1n), keyOf(2n ** 63n, 6, 1, 1n)]).size).toBe(3);
  expect(new Set([key, keyOf(2n ** 63n, 5, 2, 1n), keyOf(2n ** 63n, 5, 1, 2n)]).size).toBe(3);
  // A reload of the page keeps a key as it is.
  const again = JSON.parse(JSON.stringify(richApi.find.queryOptions(input(1n)).queryKey));
  expect(hashKey(again)).toBe(hashKey(richApi.find.queryKey(input(1n))));
});

function input(id: bigint) {
  return { id, since: new Date(0), hash: new Uint8Array(), tags: new Map() };
}

test('a procedure may be named like a member of every object', () => {
  interface Odd {
    constructor: Query<void, string>;
    toString: Query<void, string>;
    hasOwnProperty: { valueOf: Query<void, string> };
  }
  const odd = createTanstackQuery(createClient<Odd>(http, { url: 'http://localhost/trpc' }));

  expect(odd.constructor.queryKey()).toEqual([['constructor'], { type: 'query' }]);
  expect(odd.toString.queryKey()).toEqual([['toString'], { type: 'query' }]);
  expect(odd.hasOwnProperty.valueOf.key()).toEqual([['hasOwnProperty', 'valueOf']]);
});

test('a level is the same object each time, and no promise', async () => {
  expect(api.counter.get).toBe(api.counter.get);
  expect(await api).toBe(api);
});
