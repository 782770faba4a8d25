import { skipToken, useQuery } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import { type Fetch, isApiError } from '@tintype/client';
import { useSubscription } from '@tintype/client/react';
import { StrictMode } from 'react';
import { expect, test } from 'vitest';
import { appOf } from './app.tsx';
import { ABORTED, ACTIVE, eventually, gauge, uniqueKey } from './server.ts';

test('delivers the newest event, the states of the connection, and the end', async () => {
  const shown: unknown[] = [];
  const { api, App } = appOf(undefined, eachWhenShown(shown));
  const input = { from: 1, to: 3 };
  const { result } = renderHook(
    () => {
      const numbers = useSubscription(api.sub.count.subscriptionOptions(input));
      shown.push([numbers.status, numbers.data]);
      return numbers;
    },
    { wrapper: App },
  );
  expect(result.current).toMatchObject({ status: 'connecting', data: undefined, error: null });

  await waitFor(() => expect(result.current.status).toBe('closed'));

  expect(result.current).toMatchObject({ data: 3, error: null });
  expect(shown).toContainEqual(['open', 1]);
  expect(shown).toContainEqual(['open', 2]);
});

/** A `fetch` whose streams go on when their last event is shown: React may show only the last of several. */
function eachWhenShown(shown: readonly unknown[]): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    const frames = new TransformStream<string, string>({
      async transform(text, controller) {
        for (const frame of text.split(/(?<=\n\n)/)) {
          controller.enqueue(frame);
          const [, number] = /^data: (.+)\n\n$/.exec(frame) ?? [];
          if (number === undefined) continue;
          await waitFor(() => expect(shown).toContainEqual(['open', Number(number)]));
        }
      },
    });
    const body = response.body
      ?.pipeThrough(new TextDecoderStream())
      .pipeThrough(frames)
      .pipeThrough(new TextEncoderStream());
    return new Response(body ?? null, response);
  };
}

test('writes every event into the cache, where components read it', async () => {
  const { api, App, queryClient } = appOf();
  const key = uniqueKey();
  const counter = api.counter.get.queryOptions({ key }, { staleTime: Infinity });
  await queryClient.prefetchQuery(counter);
  const { result } = renderHook(
    () => {
      useSubscription(
        api.sub.count.subscriptionOptions(
          { from: 1, to: 4 },
          {
            into: {
              queryKey: counter.queryKey,
              update: (old, event) => (old !== undefined ? old + event : undefined),
            },
          },
        ),
      );
      return useQuery(counter).data;
    },
    { wrapper: App },
  );

  await waitFor(() => expect(result.current).toBe(1 + 2 + 3 + 4));
});

test('an update that gives nothing leaves the cache as it is', async () => {
  const { api, App, queryClient } = appOf();
  const { queryKey } = api.counter.get.queryOptions({ key: uniqueKey() });
  const { result } = renderHook(
    () =>
      useSubscription(
        api.sub.count.subscriptionOptions(
          { from: 1, to: 2 },
          { into: { queryKey, update: (old, event) => old && old + event } },
        ),
      ),
    { wrapper: App },
  );

  await waitFor(() => expect(result.current.status).toBe('closed'));

  expect(queryClient.getQueryState(queryKey)).toBeUndefined();
});

test('hands every event to the handler of the newest render', async () => {
  const { api, App, queryClient } = appOf();
  const seen: unknown[] = [];
  const key = uniqueKey();
  const { rerender } = renderHook(
    ({ render }: { render: number }) =>
      useSubscription(
        // Another object with the same input is the same subscription.
        api.sub.infinite.subscriptionOptions(
          { key, delayMs: 100 },
          { write: (client, event) => seen.push([client === queryClient, render, event]) },
        ),
      ),
    { wrapper: App, initialProps: { render: 1 } },
  );
  await waitFor(() => expect(seen).toContainEqual([true, 1, 0]));

  rerender({ render: 2 });

  await waitFor(() => expect(seen.at(-1)).toEqual([true, 2, seen.length - 1]));
  expect(await gauge(key)).toEqual(ACTIVE);
});

test('an error of a handler does not end the stream', async () => {
  const { api, App } = appOf();
  const thrown: unknown[] = [];
  const listen = (error: unknown) => thrown.push(error);
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', listen);
  try {
    const { result } = renderHook(
      () =>
        useSubscription(
          api.sub.count.subscriptionOptions(
            { from: 1, to: 3 },
            {
              write: (_, event) => {
                throw `no place for ${event}`;
              },
            },
          ),
        ),
      { wrapper: App },
    );

    await waitFor(() => expect(result.current).toMatchObject({ status: 'closed', data: 3 }));

    expect(thrown).toEqual(['no place for 1', 'no place for 2', 'no place for 3']);
  } finally {
    process.removeListener('unhandledRejection', listen);
    for (const other of others) process.on('unhandledRejection', other);
  }
});

test('a component that React mounts twice has one subscription, and sees each event once', async () => {
  const { api, App } = appOf();
  const key = uniqueKey();
  const seen: number[] = [];
  const options = api.sub.infinite.subscriptionOptions(
    { key, delayMs: 30 },
    { write: (_, event) => seen.push(event) },
  );

  const states: string[] = [];
  const { result } = renderHook(
    () => {
      const count = useSubscription(options);
      states.push(count.status);
      return count;
    },
    {
      wrapper: ({ children }) => (
        <StrictMode>
          <App>{children}</App>
        </StrictMode>
      ),
    },
  );

  await waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(5));
  expect(seen).toEqual(seen.map((_, index) => index));
  expect(result.current.status).toBe('open');
  expect(states).not.toContain('closed');
  expect(await gauge(key)).toMatchObject({ active: 1 });
});

/** Subscribes to `sub.infinite` under a key that may change. */
function countFor(first: string | undefined) {
  const { api, App, requests } = appOf();
  const shown: [key: string | undefined, status: string, data: number | undefined][] = [];
  const hook = renderHook(
    ({ key }: { key: string | undefined }) => {
      const input = key === undefined ? skipToken : { key, delayMs: 5000 };
      const count = useSubscription(api.sub.infinite.subscriptionOptions(input));
      shown.push([key, count.status, count.data]);
      return count;
    },
    { wrapper: App, initialProps: { key: first } },
  );
  return { ...hook, requests, shown };
}

test('leaving the page ends the procedure', async () => {
  const key = uniqueKey();
  const { result, unmount } = countFor(key);
  await waitFor(() => expect(result.current.data).toBe(0));
  expect(await gauge(key)).toEqual(ACTIVE);

  unmount();

  await eventually(() => gauge(key), ABORTED);
});

test('another input ends the procedure and begins anew, without what was shown before', async () => {
  const [first, second] = [uniqueKey(), uniqueKey()];
  const { result, rerender, shown } = countFor(first);
  await waitFor(() => expect(result.current.data).toBe(0));

  rerender({ key: second });

  await eventually(() => gauge(first), ABORTED);
  await eventually(() => gauge(second), ACTIVE);
  await waitFor(() => expect(result.current.data).toBe(0));
  expect(shown).toContainEqual([second, 'connecting', undefined]);
  expect(shown.filter(([, status]) => status === 'connecting').map(([, , data]) => data)).toEqual(
    shown.filter(([, status]) => status === 'connecting').map(() => undefined),
  );
});

test('a reset ends the procedure and begins anew', async () => {
  const key = uniqueKey();
  const { result } = countFor(key);
  await waitFor(() => expect(result.current.data).toBe(0));
  const { reset } = result.current;

  act(() => reset());

  expect(result.current).toMatchObject({ status: 'connecting', data: undefined, reset });
  await eventually(() => gauge(key), { active: 1, aborted: 1, completed: 0 });
  await waitFor(() => expect(result.current.data).toBe(0));
});

test('a reset can be what a click calls', async () => {
  const key = uniqueKey();
  const { result } = countFor(key);
  await waitFor(() => expect(result.current.data).toBe(0));
  const onClick: (event: object) => void = result.current.reset;

  act(() => onClick({ type: 'click' }));

  expect(result.current).toMatchObject({ status: 'connecting', data: undefined });
  await eventually(() => gauge(key), { active: 1, aborted: 1, completed: 0 });
});

test('a skipped subscription is closed until it has an input, and when it has none any more', async () => {
  const key = uniqueKey();
  const { result, rerender, requests } = countFor(undefined);
  expect(result.current).toMatchObject({ status: 'closed', data: undefined, error: null });
  expect(requests).toEqual([]);

  rerender({ key });
  await waitFor(() => expect(result.current).toMatchObject({ status: 'open', data: 0 }));
  rerender({ key: undefined });

  expect(result.current).toMatchObject({ status: 'closed', data: undefined });
  await eventually(() => gauge(key), ABORTED);
});

test('ends with the typed error, and begins anew after a reset', async () => {
  const { api, App } = appOf();
  const errors: unknown[] = [];
  const { result } = renderHook(
    () =>
      useSubscription(
        api.sub.throws.subscriptionOptions(
          { after: 1, code: 'FORBIDDEN' },
          { onError: (error) => errors.push(error) },
        ),
      ),
    { wrapper: App },
  );

  await waitFor(() => expect(result.current.status).toBe('error'));

  expect(result.current.data).toBe(1);
  expect(isApiError(result.current.error)).toBe(true);
  expect(result.current.error).toMatchObject({ code: 'FORBIDDEN', httpStatus: 403 });
  expect(errors).toEqual([result.current.error]);

  act(() => result.current.reset());
  expect(result.current).toMatchObject({ status: 'connecting', data: undefined, error: null });
  await waitFor(() => expect(errors).toHaveLength(2));
});

test('resumes after the last event when the stream breaks, and says so', async () => {
  const { api, App } = appOf();
  const input = { key: uniqueKey(), failAfter: 2, to: 4, code: 'INTERNAL_SERVER_ERROR' };
  const seen: unknown[] = [];
  const states: string[] = [];
  const { result } = renderHook(
    () => {
      const flaky = useSubscription(
        api.sub.flaky.subscriptionOptions(input, {
          write: (_, { id, data }) => seen.push([id, data.connection]),
        }),
      );
      states.push(flaky.status);
      return flaky;
    },
    { wrapper: App },
  );

  await waitFor(() => expect(result.current.status).toBe('closed'));

  expect(seen).toEqual([
    ['1', 1],
    ['2', 1],
    ['3', 2],
    ['4', 2],
  ]);
  // React may skip a state that is over when it renders.
  expect(states[0]).toBe('connecting');
  expect(states).toContain('reconnecting');
});
