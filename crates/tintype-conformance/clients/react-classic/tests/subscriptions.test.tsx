import { skipToken } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import { createWSClient, type TRPCLink, wsLink } from '@trpc/client';
import { afterEach, expect, inject, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  ABORTED,
  ACTIVE,
  eventually,
  gauge,
  socketProfile,
  uniqueKey,
} from '../../current/tests/client.ts';
import type { ConformanceRouter, Flaky, Tracked, TrackedValue } from '../../react/tests/router.ts';
import { appOf, trpc } from './app.tsx';

const open: { close: () => unknown }[] = [];

function overWebSocket(name: string): TRPCLink<ConformanceRouter> {
  const client = createWSClient({
    url: socketProfile(name),
    // The type of the browser's class, of which the client needs a part.
    WebSocket: Object(WebSocket),
    retryDelayMs: () => 10,
  });
  open.push(client);
  return wsLink({ client });
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
});

/** Subscribes to `sub.tracked` and notes every value and every start. */
function follow(input: Tracked, link?: TRPCLink<ConformanceRouter>) {
  const seen: { values: TrackedValue[]; started: number } = { values: [], started: 0 };
  const { result } = renderHook(
    () =>
      trpc.sub.tracked.useSubscription(input, {
        onStarted: () => {
          seen.started += 1;
        },
        onData: (value) => {
          seen.values.push(value);
        },
      }),
    { wrapper: appOf(link) },
  );
  return { result, seen };
}

function upTo(last: number): TrackedValue[] {
  return Array.from({ length: last }, (_, index) => ({
    id: `${index + 1}`,
    data: { n: index + 1 },
  }));
}

test.each(['event stream', 'WebSocket'])(
  'delivers tracked values with their ids, and the end (%s)',
  async (name) => {
    const link = name === 'WebSocket' ? overWebSocket('trpc') : undefined;
    const { result, seen } = follow({ to: 4, delayMs: 50 }, link);
    expect(result.current.status).toBe('connecting');

    await waitFor(() => expect(result.current.status).toBe('idle'));

    expect(seen).toEqual({ values: upTo(4), started: 1 });
  },
);

test('an event stream resumes after the last event when it breaks', async () => {
  const input: Flaky = { key: uniqueKey(), failAfter: 2, to: 4, code: 'INTERNAL_SERVER_ERROR' };
  const values: unknown[] = [];
  const { result } = renderHook(
    () =>
      trpc.sub.flaky.useSubscription(input, {
        onData: ({ id, data }) => {
          values.push([id, data.connection]);
        },
      }),
    { wrapper: appOf() },
  );

  await waitFor(() => expect(result.current.status).toBe('idle'));

  expect(values).toEqual([
    ['1', 1],
    ['2', 1],
    ['3', 2],
    ['4', 2],
  ]);
});

test('a WebSocket resumes after the last event when the server cuts it', async () => {
  const { result, seen } = follow({ to: 8, delayMs: 200 }, overWebSocket('override'));
  await waitFor(() => expect(seen.values.length).toBeGreaterThanOrEqual(2));

  // A profile of its own: all of its connections are cut.
  const cut = await fetch(`${inject('server')}/__control/override/drop`, { method: 'POST' });

  expect(cut.status).toBe(204);
  await waitFor(() => expect(result.current.status).toBe('idle'));
  expect(seen).toEqual({ values: upTo(8), started: 2 });
});

test('ends with the typed error', async () => {
  const { result } = renderHook(
    () => trpc.sub.throws.useSubscription({ after: 1, code: 'FORBIDDEN' }),
    { wrapper: appOf() },
  );

  await waitFor(() => expect(result.current.status).toBe('error'));

  expect(result.current.data).toBe(1);
  expect(result.current.error?.data).toEqual({
    code: 'FORBIDDEN',
    httpStatus: 403,
    path: 'sub.throws',
  });
});

/** Subscribes to `sub.infinite` under a key that may change. */
function countFor(key: string | typeof skipToken, link?: TRPCLink<ConformanceRouter>) {
  return renderHook(
    ({ key }: { key: string | typeof skipToken }) =>
      trpc.sub.infinite.useSubscription(key === skipToken ? skipToken : { key, delayMs: 5000 }),
    { wrapper: appOf(link), initialProps: { key } },
  );
}

test.each(['event stream', 'WebSocket'])(
  'leaving the page ends the procedure (%s)',
  async (name) => {
    const key = uniqueKey();
    const link = name === 'WebSocket' ? overWebSocket('trpc') : undefined;
    const { result, unmount } = countFor(key, link);
    await waitFor(() => expect(result.current.data).toBe(0));
    expect(await gauge(key)).toEqual(ACTIVE);

    unmount();

    await eventually(() => gauge(key), ABORTED);
  },
);

test('another input ends the procedure and begins anew', async () => {
  const [first, second] = [uniqueKey(), uniqueKey()];
  const { rerender } = countFor(first);
  await eventually(() => gauge(first), ACTIVE);

  rerender({ key: second });

  await eventually(() => gauge(first), ABORTED);
  await eventually(() => gauge(second), ACTIVE);
});

test('a reset ends the procedure and begins anew', async () => {
  const key = uniqueKey();
  const { result } = countFor(key);
  await waitFor(() => expect(result.current.data).toBe(0));

  act(() => result.current.reset());

  await eventually(() => gauge(key), { active: 1, aborted: 1, completed: 0 });
});

test('a skipped subscription is idle until it has an input', async () => {
  const { result, rerender } = countFor(skipToken);
  expect(result.current.status).toBe('idle');

  rerender({ key: uniqueKey() });

  await waitFor(() => expect(result.current.data).toBe(0));
});
