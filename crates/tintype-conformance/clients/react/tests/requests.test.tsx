import {
  skipToken,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
} from '@tanstack/react-query';
import { act, fireEvent, render, renderHook, screen, waitFor } from '@testing-library/react';
import { httpBatchStreamLink } from '@trpc/client';
import { Suspense } from 'react';
import { expect, test } from 'vitest';
import {
  ABORTED,
  ACTIVE,
  eventually,
  gauge,
  profile,
  uniqueKey,
} from '../../current/tests/client.ts';
import { appOf, overHttp, useTRPC } from './app.tsx';

test('useQuery delivers what a procedure returns', async () => {
  const { result } = renderHook(() => useQuery(useTRPC().math.add.queryOptions({ a: 1, b: 2 })), {
    wrapper: appOf(),
  });

  await waitFor(() => expect(result.current.data).toEqual({ sum: 3 }));
});

test('useQuery delivers the typed error', async () => {
  const { result } = renderHook(
    () => useQuery(useTRPC().error.throw.queryOptions({ code: 'CONFLICT' })),
    { wrapper: appOf() },
  );

  await waitFor(() => expect(result.current.isError).toBe(true));
  expect(result.current.error?.shape).toEqual({
    message: 'failed with CONFLICT',
    code: -32009,
    data: { code: 'CONFLICT', httpStatus: 409, path: 'error.throw' },
  });
});

test('queries of one render share a request', async () => {
  const { result } = renderHook(
    () => {
      const trpc = useTRPC();
      const info = useQuery(trpc.ctx.info.queryOptions());
      const pong = useQuery(trpc.ping.queryOptions());
      return [info.data, pong.data];
    },
    { wrapper: appOf() },
  );

  await waitFor(() =>
    expect(result.current).toEqual([
      { type: 'query', isBatchCall: true, accept: null, paths: ['ctx.info', 'ping'] },
      'pong',
    ]),
  );
});

test('a skipped query is not sent until it has an input', async () => {
  const key = uniqueKey();
  const { result, rerender } = renderHook(
    ({ input }: { input: { key: string } | typeof skipToken }) => {
      const trpc = useTRPC();
      const counter = useQuery(trpc.counter.get.queryOptions(input));
      const info = useQuery(trpc.ctx.info.queryOptions());
      return { counter, info };
    },
    { wrapper: appOf(), initialProps: { input: skipToken } },
  );
  await waitFor(() => expect(result.current.info.data?.paths).toEqual(['ctx.info']));
  expect(result.current.counter).toMatchObject({ status: 'pending', fetchStatus: 'idle' });

  rerender({ input: { key } });

  await waitFor(() => expect(result.current.counter.data).toBe(0));
});

test('useSuspenseQuery shows the fallback and then the value', async () => {
  const value = uniqueKey();
  function Value() {
    const { data } = useSuspenseQuery(useTRPC().slow.wait.queryOptions({ ms: 100, value }));
    return <p>{data.value}</p>;
  }

  render(
    <Suspense fallback={<p>waiting</p>}>
      <Value />
    </Suspense>,
    { wrapper: appOf() },
  );

  screen.getByText('waiting');
  await screen.findByText(value);
  expect(screen.queryByText('waiting')).toBeNull();
});

test('useInfiniteQuery sends the cursor of every page', async () => {
  const { result } = renderHook(
    () =>
      useInfiniteQuery(
        useTRPC().echo.infiniteQueryOptions(
          { limit: 5 },
          {
            initialCursor: 1,
            getNextPageParam: ({ input }) => (input.cursor === 1 ? 2 : undefined),
          },
        ),
      ),
    { wrapper: appOf() },
  );
  await waitFor(() => expect(result.current.hasNextPage).toBe(true));

  act(() => void result.current.fetchNextPage());

  await waitFor(() => expect(result.current.hasNextPage).toBe(false));
  expect(result.current.data?.pages.map((page) => page.input)).toEqual([
    { limit: 5, cursor: 1, direction: 'forward' },
    { limit: 5, cursor: 2, direction: 'forward' },
  ]);
});

test('a mutation shows the typed error of the application', async () => {
  function Payment() {
    const payment = useMutation(useTRPC().error.app.mutationOptions());
    const { error } = payment;
    return (
      <>
        <button type="button" onClick={() => payment.mutate()}>
          pay
        </button>
        {error && (
          <p role="alert">{`${error.message}, ${error.data?.appCode}: ${error.data?.balance}`}</p>
        )}
      </>
    );
  }
  render(<Payment />, { wrapper: appOf(overHttp('fmt')) });

  fireEvent.click(screen.getByText('pay'));

  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toBe('insufficient funds, INSUFFICIENT_FUNDS: 30');
});

test('a query that a mutation invalidates is fetched again', async () => {
  const key = uniqueKey();
  function Counter() {
    const trpc = useTRPC();
    const queries = useQueryClient();
    const counter = useQuery(trpc.counter.get.queryOptions({ key }));
    const increment = useMutation(
      trpc.counter.increment.mutationOptions({
        onSuccess: () => queries.invalidateQueries(trpc.counter.get.queryFilter({ key })),
      }),
    );
    return (
      <button type="button" onClick={() => increment.mutate({ key, by: 3 })}>
        {`counted ${counter.data}`}
      </button>
    );
  }
  render(<Counter />, { wrapper: appOf() });

  fireEvent.click(await screen.findByText('counted 0'));

  await screen.findByText('counted 3');
});

test('leaving the page ends the procedure of a query', async () => {
  const key = uniqueKey();
  const { unmount } = renderHook(
    () =>
      useQuery(
        useTRPC().slow.abortable.queryOptions(
          { key, ms: 5000 },
          { trpc: { abortOnUnmount: true } },
        ),
      ),
    { wrapper: appOf() },
  );
  await eventually(() => gauge(key), ACTIVE);

  unmount();

  await eventually(() => gauge(key), ABORTED);
});

test('useQuery collects the values of a stream', async () => {
  const lengths: (number | undefined)[] = [];
  const { result } = renderHook(
    () => {
      const input = { from: 1, to: 3, delayMs: 300 };
      const numbers = useQuery(useTRPC().stream.count.queryOptions(input));
      lengths.push(numbers.data?.length);
      return numbers;
    },
    { wrapper: appOf(httpBatchStreamLink({ url: profile() })) },
  );

  await waitFor(() => expect(result.current.fetchStatus).toBe('idle'));

  expect(result.current.data).toEqual([1, 2, 3]);
  // Values are shown while others are still to come.
  expect(lengths.some((length) => length === 1 || length === 2)).toBe(true);
});
