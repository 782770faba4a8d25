import { skipToken, useQuery } from '@tanstack/react-query';
import { renderHook, waitFor } from '@testing-library/react';
import { liveOptions, streamOptions } from '@tintype/client/react';
import { StrictMode } from 'react';
import { expect, test } from 'vitest';
import { appOf } from './app.tsx';
import { ABORTED, ACTIVE, eventually, gauge, uniqueKey } from './server.ts';

test('liveOptions has the newest event as data, each as it comes', async () => {
  const { api, App } = appOf();
  const shown: unknown[] = [];
  const input = { from: 1, to: 3, delayMs: 50 };

  const { result } = renderHook(
    () => {
      const number = useQuery(liveOptions(api.sub.count.subscriptionOptions(input)));
      shown.push(number.data);
      return number;
    },
    { wrapper: App },
  );

  await waitFor(() => expect(result.current.fetchStatus).toBe('idle'));
  expect([...new Set(shown)]).toEqual([undefined, 1, 2, 3]);
});

test('liveOptions has null of a stream that ends without an event', async () => {
  const { api, App } = appOf();

  const { result } = renderHook(() => useQuery(liveOptions(api.sub.empty.subscriptionOptions())), {
    wrapper: App,
  });

  await waitFor(() => expect(result.current.status).toBe('success'));
  expect(result.current.data).toBeNull();
});

test('liveOptions shows what select makes of the event', async () => {
  const { api, App } = appOf();

  const { result } = renderHook(
    () =>
      useQuery(
        liveOptions(api.sub.tracked.subscriptionOptions({ to: 2 }), {
          select: (event) => event && event.data.n * 10,
        }),
      ),
    { wrapper: App },
  );

  await waitFor(() => expect(result.current.data).toBe(20));
});

test('streamOptions has all events as data, and no more than it may keep', async () => {
  const { api, App } = appOf();
  const input = { from: 1, to: 5 };

  const { result } = renderHook(
    () => [
      useQuery(streamOptions(api.sub.count.subscriptionOptions(input))).data,
      useQuery(
        streamOptions(api.sub.count.subscriptionOptions({ ...input, delayMs: 0 }), { maxItems: 2 }),
      ).data,
    ],
    { wrapper: App },
  );

  await waitFor(() =>
    expect(result.current).toEqual([
      [1, 2, 3, 4, 5],
      [4, 5],
    ]),
  );
});

test('streamOptions keeps 1,000 events unless told otherwise', async () => {
  const { api, App } = appOf();

  const { result } = renderHook(
    () => useQuery(streamOptions(api.sub.count.subscriptionOptions({ from: 1, to: 1010 }))),
    { wrapper: App },
  );

  await waitFor(() => expect(result.current.data?.at(-1)).toBe(1010));
  expect(result.current.data).toHaveLength(1000);
});

test.each([0, -1, Number.NaN])('streamOptions refuses to keep %s events', (maxItems) => {
  const { api } = appOf();

  expect(() => streamOptions(api.sub.noInput.subscriptionOptions(), { maxItems })).toThrow(
    new RangeError(`maxItems is ${maxItems}: keep at least 1 event`),
  );
});

test('a stream delivers the typed error, beside what came before', async () => {
  const { api, App, requests } = appOf();

  const { result } = renderHook(
    () =>
      useQuery(streamOptions(api.sub.throws.subscriptionOptions({ after: 2, code: 'FORBIDDEN' }))),
    { wrapper: App },
  );

  await waitFor(() => expect(result.current.status).toBe('error'));
  expect(result.current.data).toEqual([1, 2]);
  expect(result.current.error?.code).toBe('FORBIDDEN');
  expect(requests).toHaveLength(1);
});

test('a skipped stream is not opened', async () => {
  const { api, App, requests } = appOf();

  const { result } = renderHook(
    () => [
      useQuery(liveOptions(api.sub.count.subscriptionOptions(skipToken))),
      useQuery(streamOptions(api.sub.count.subscriptionOptions(skipToken))),
    ],
    { wrapper: App },
  );

  expect(result.current.map((query) => query.fetchStatus)).toEqual(['idle', 'idle']);
  expect(requests).toEqual([]);
});

test('leaving the page ends the procedure, and coming back begins anew', async () => {
  const { api, App } = appOf();
  const key = uniqueKey();
  const options = streamOptions(api.sub.infinite.subscriptionOptions({ key, delayMs: 5000 }));
  const { result, unmount } = renderHook(() => useQuery(options), { wrapper: App });
  await waitFor(() => expect(result.current.data).toEqual([0]));
  expect(await gauge(key)).toEqual(ACTIVE);

  unmount();
  await eventually(() => gauge(key), ABORTED);
  const again = renderHook(() => useQuery(options), { wrapper: App });

  await eventually(() => gauge(key), { active: 1, aborted: 1, completed: 0 });
  await waitFor(() => expect(again.result.current.data).toEqual([0]));
});

test('components that want the same stream share it', async () => {
  const { api, App } = appOf();
  const key = uniqueKey();
  const options = () => liveOptions(api.sub.infinite.subscriptionOptions({ key, delayMs: 5000 }));

  const { result } = renderHook(() => [useQuery(options()).data, useQuery(options()).data], {
    wrapper: ({ children }) => (
      <StrictMode>
        <App>{children}</App>
      </StrictMode>
    ),
  });

  await waitFor(() => expect(result.current).toEqual([0, 0]));
  expect(await gauge(key)).toMatchObject({ active: 1 });
});

test('who invalidates everything does not wait for the end of streams', async () => {
  const { api, App, queryClient } = appOf();
  const key = uniqueKey();
  const { result } = renderHook(
    () => ({
      live: useQuery(liveOptions(api.sub.infinite.subscriptionOptions({ key, delayMs: 5000 }))),
      ping: useQuery(api.ping.queryOptions()),
    }),
    { wrapper: App },
  );
  await waitFor(() => expect(result.current.live.data).toBe(0));
  await waitFor(() => expect(result.current.ping.data).toBe('pong'));

  await queryClient.invalidateQueries(api.filter());

  await waitFor(() => expect(result.current.ping.dataUpdatedAt).toBeGreaterThan(0));
  expect(await gauge(key)).toEqual(ACTIVE);
});
