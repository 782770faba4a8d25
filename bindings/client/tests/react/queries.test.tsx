import {
  skipToken,
  useInfiniteQuery,
  useQuery,
  useSuspenseInfiniteQuery,
  useSuspenseQuery,
} from '@tanstack/react-query';
import { act, render, renderHook, screen, waitFor } from '@testing-library/react';
import { isApiError } from '@tintype/client';
import { StrictMode, Suspense } from 'react';
import { expect, test } from 'vitest';
import { appOf } from './app.tsx';
import { ABORTED, ACTIVE, eventually, gauge, uniqueKey } from './server.ts';

test('useQuery delivers what a procedure returns', async () => {
  const { api, App } = appOf();

  const { result } = renderHook(() => useQuery(api.math.add.queryOptions({ a: 1, b: 2 })), {
    wrapper: App,
  });

  await waitFor(() => expect(result.current.data).toEqual({ sum: 3 }));
});

test('useQuery delivers the typed error at once, without asking again', async () => {
  const { api, App, requests } = appOf();

  const { result } = renderHook(
    () => useQuery(api.error.throw.queryOptions({ code: 'CONFLICT' })),
    { wrapper: App },
  );

  await waitFor(() => expect(result.current.isError).toBe(true));
  expect(isApiError(result.current.error)).toBe(true);
  expect(result.current.error).toMatchObject({
    message: 'failed with CONFLICT',
    code: 'CONFLICT',
    httpStatus: 409,
    path: 'error.throw',
  });
  expect(requests).toHaveLength(1);
});

test('a query may ask again all the same', async () => {
  const { api, App, requests } = appOf();

  const { result } = renderHook(
    () => useQuery(api.error.throw.queryOptions({ code: 'CONFLICT' }, { retry: 1, retryDelay: 1 })),
    { wrapper: App },
  );

  await waitFor(() => expect(result.current.isError).toBe(true));
  expect(requests).toHaveLength(2);
});

test('queries of one render share a request', async () => {
  const { api, App, requests } = appOf();

  const { result } = renderHook(
    () => [useQuery(api.ctx.info.queryOptions()).data, useQuery(api.ping.queryOptions()).data],
    { wrapper: App },
  );

  await waitFor(() =>
    expect(result.current).toEqual([
      { type: 'query', isBatchCall: true, accept: null, paths: ['ctx.info', 'ping'] },
      'pong',
    ]),
  );
  expect(requests).toHaveLength(1);
});

test('a skipped query is not sent until it has an input', async () => {
  const { api, App, requests } = appOf();
  const { result, rerender } = renderHook(
    ({ key }: { key: string | undefined }) => ({
      counter: useQuery(api.counter.get.queryOptions(key ? { key } : skipToken)),
      ping: useQuery(api.ping.queryOptions()),
    }),
    { wrapper: App, initialProps: { key: undefined as string | undefined } },
  );
  await waitFor(() => expect(result.current.ping.data).toBe('pong'));
  expect(result.current.counter).toMatchObject({ status: 'pending', fetchStatus: 'idle' });
  expect(requests.join()).not.toContain('counter.get');

  rerender({ key: uniqueKey() });

  await waitFor(() => expect(result.current.counter.data).toBe(0));
});

test('a skipped query does not show the answer to no input', async () => {
  const { api, App, queryClient } = appOf();
  await queryClient.prefetchQuery(api.ping.queryOptions());

  const { result } = renderHook(() => useQuery(api.ping.queryOptions(skipToken)), { wrapper: App });

  expect(result.current.data).toBeUndefined();
});

test('a query whose procedure returns nothing succeeds', async () => {
  const { api, App } = appOf();

  const { result } = renderHook(() => useQuery(api.values.undefined.queryOptions()), {
    wrapper: App,
  });

  await waitFor(() => expect(result.current.isSuccess).toBe(true));
  expect(result.current.data).toBeNull();
});

test('data from the start is shown before the answer', async () => {
  const { api, App } = appOf();
  const shown: unknown[] = [];
  const options = api.math.add.queryOptions({ a: 1, b: 2 }, { initialData: { sum: 0 } });

  renderHook(() => shown.push(useQuery(options).data.sum), { wrapper: App });

  await waitFor(() => expect(shown.at(-1)).toBe(3));
  expect(shown[0]).toBe(0);
});

test('useSuspenseQuery shows the fallback and then the value', async () => {
  const { api, App } = appOf();
  const value = uniqueKey();
  function Value() {
    const { data } = useSuspenseQuery(api.slow.wait.queryOptions({ ms: 100, value }));
    return <p>{data.value}</p>;
  }

  render(
    <Suspense fallback={<p>waiting</p>}>
      <Value />
    </Suspense>,
    { wrapper: App },
  );

  screen.getByText('waiting');
  await screen.findByText(value);
  expect(screen.queryByText('waiting')).toBeNull();
});

test('leaving the page ends the procedure of a query', async () => {
  const { api, App } = appOf();
  const key = uniqueKey();
  const { unmount } = renderHook(
    () => useQuery(api.slow.abortable.queryOptions({ key, ms: 5000 })),
    { wrapper: App },
  );
  await eventually(() => gauge(key), ACTIVE);

  unmount();

  await eventually(() => gauge(key), ABORTED);
});

test('a query of a component that React mounts twice arrives', async () => {
  const { api, App } = appOf();

  const { result } = renderHook(() => useQuery(api.math.add.queryOptions({ a: 1, b: 2 })), {
    wrapper: ({ children }) => (
      <StrictMode>
        <App>{children}</App>
      </StrictMode>
    ),
  });

  await waitFor(() => expect(result.current.data).toEqual({ sum: 3 }));
});

test('useInfiniteQuery sends the page in the field that the options name', async () => {
  const { api, App } = appOf();
  const { result } = renderHook(
    () =>
      useInfiniteQuery(
        api.echo.infiniteQueryOptions(
          { limit: 5 },
          {
            cursorField: 'after',
            getNextPageParam: ({ input }) => (input.after ?? 0) + 1,
            getPreviousPageParam: ({ input }) => (input.after ? input.after - 1 : undefined),
            maxPages: 2,
          },
        ),
      ),
    { wrapper: App },
  );
  const inputs = () => result.current.data?.pages.map((page) => page.input);
  await waitFor(() => expect(inputs()).toEqual([{ limit: 5 }]));

  await act(() => result.current.fetchNextPage());
  await act(() => result.current.fetchNextPage());

  await waitFor(() =>
    expect(inputs()).toEqual([
      { limit: 5, after: 1 },
      { limit: 5, after: 2 },
    ]),
  );
  expect(result.current.hasPreviousPage).toBe(true);
});

test('pages that begin elsewhere are another list', async () => {
  const { api, App } = appOf();
  function First({ from }: { from: number | null }) {
    const { data } = useSuspenseInfiniteQuery(
      api.echo.infiniteQueryOptions(
        {},
        { cursorField: 'after', initialPageParam: from, getNextPageParam: () => undefined },
      ),
    );
    return <p>{`page ${data.pages[0]?.input.after}`}</p>;
  }

  render(
    <Suspense fallback="waiting">
      <First from={null} />
      <First from={7} />
    </Suspense>,
    { wrapper: App },
  );

  await screen.findByText('page null');
  await screen.findByText('page 7');
});

test('a skipped list of pages is not sent', async () => {
  const { api, App, requests } = appOf();

  const { result } = renderHook(
    () =>
      useInfiniteQuery(
        api.echo.infiniteQueryOptions(skipToken, {
          cursorField: 'after',
          getNextPageParam: () => undefined,
        }),
      ),
    { wrapper: App },
  );

  expect(result.current.fetchStatus).toBe('idle');
  expect(requests).toEqual([]);
});
