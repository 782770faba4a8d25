import { useIsMutating, useMutation, useQuery } from '@tanstack/react-query';
import { act, fireEvent, render, renderHook, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { appOf } from './app.tsx';
import { uniqueKey } from './server.ts';

type Application = ReturnType<typeof appOf>;

/** A counter on the page, and the mutation beside it. */
function showCounter(
  { api, App }: Application,
  key: string,
  options: Parameters<Application['api']['counter']['increment']['mutationOptions']>[0] = {},
) {
  return renderHook(
    () => ({
      counter: useQuery(api.counter.get.queryOptions({ key }, { staleTime: Infinity })),
      increment: useMutation(api.counter.increment.mutationOptions(options)),
    }),
    { wrapper: App },
  );
}

test('a mutation delivers what the procedure returns', async () => {
  const { api, App } = appOf();
  const { result } = renderHook(() => useMutation(api.counter.increment.mutationOptions()), {
    wrapper: App,
  });

  const count = await act(() => result.current.mutateAsync({ key: uniqueKey(), by: 4 }));

  expect(count).toBe(4);
  await waitFor(() => expect(result.current.data).toBe(4));
});

test('a mutation tells how far an upload is', async () => {
  const seen: unknown[] = [];
  const { api, App } = appOf('trpc', (url, init) => {
    // What the `fetch` of uploads does; a page without a network has no other.
    init.onProgress?.({ loadedBytes: 1, totalBytes: 3 });
    return fetch(url, init);
  });
  const { result } = renderHook(
    () =>
      useMutation(
        api.form.octet.mutationOptions({
          onProgress: (progress) => seen.push(progress),
        }),
      ),
    { wrapper: App },
  );

  const answer = await act(() => result.current.mutateAsync(new Uint8Array([1, 2, 3])));

  expect(answer).toEqual({ length: 3, sum: 6 });
  expect(seen).toEqual([{ loadedBytes: 1, totalBytes: 3 }]);
});

test('a mutation shows the typed error', async () => {
  const { api, App } = appOf('fmt');
  function Payment() {
    const payment = useMutation(api.error.app.mutationOptions());
    return (
      <>
        <button type="button" onClick={() => payment.mutate()}>
          pay
        </button>
        {payment.error && <p role="alert">{`${payment.error.code}: ${payment.error.message}`}</p>}
      </>
    );
  }
  render(<Payment />, { wrapper: App });

  fireEvent.click(screen.getByText('pay'));

  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toBe('BAD_REQUEST: insufficient funds');
});

test('a mutation fetches again what the contract declares, before it succeeds', async () => {
  const app = appOf();
  const key = uniqueKey();
  const seen: unknown[] = [];
  const { result } = showCounter(app, key, {
    onSuccess: (output, input, _, { client }) => {
      seen.push([output, input, client.getQueryData(app.api.counter.get.queryKey({ key }))]);
    },
  });
  await waitFor(() => expect(result.current.counter.data).toBe(0));

  await act(() => result.current.increment.mutateAsync({ key, by: 3 }));

  expect(seen).toEqual([[3, { key, by: 3 }, 3]]);
  await waitFor(() => expect(result.current.counter.data).toBe(3));
});

test('a mutation marks what is not on the page too, whatever its input', async () => {
  const { api, App, queryClient } = appOf();
  const [here, there] = [uniqueKey(), uniqueKey()];
  await queryClient.prefetchQuery(api.counter.get.queryOptions({ key: there }));
  await queryClient.prefetchQuery(api.ping.queryOptions());
  const { result } = renderHook(() => useMutation(api.counter.increment.mutationOptions()), {
    wrapper: App,
  });

  await act(() => result.current.mutateAsync({ key: here }));

  const outdated = queryClient.getQueryCache().findAll({ predicate: (query) => query.isStale() });
  expect(outdated.map((query) => query.queryKey)).toEqual([
    api.counter.get.queryKey({ key: there }),
  ]);
});

test('a mutation may leave the queries as they are', async () => {
  const app = appOf();
  const key = uniqueKey();
  const { result } = showCounter(app, key, { invalidate: false });
  await waitFor(() => expect(result.current.counter.data).toBe(0));

  await act(() => result.current.increment.mutateAsync({ key }));

  expect(app.queryClient.getQueryState(app.api.counter.get.queryKey({ key }))).toMatchObject({
    data: 0,
    isInvalidated: false,
  });
  expect(app.requests.filter((url) => url.includes('counter.get'))).toHaveLength(1);
});

test('a mutation that fails leaves the queries as they are', async () => {
  const app = appOf();
  const key = uniqueKey();
  const { result } = showCounter(app, key);
  await waitFor(() => expect(result.current.counter.data).toBe(0));

  // @ts-expect-error the server refuses what the type forbids
  await act(() => result.current.increment.mutateAsync({ key, by: 'x' }).catch(() => {}));

  await waitFor(() => expect(result.current.increment.error?.code).toBe('BAD_REQUEST'));
  expect(app.queryClient.getQueryState(app.api.counter.get.queryKey({ key }))?.isInvalidated).toBe(
    false,
  );
});

test('runs of a mutation are counted by its key', async () => {
  const { api, App } = appOf();
  const counts: number[] = [];
  const { result } = renderHook(
    () => {
      counts.push(useIsMutating({ mutationKey: api.counter.increment.mutationKey() }));
      return useMutation(api.counter.increment.mutationOptions());
    },
    { wrapper: App },
  );

  await act(() => result.current.mutateAsync({ key: uniqueKey() }));

  await waitFor(() => expect(counts.at(-1)).toBe(0));
  expect(counts).toContain(1);
});
