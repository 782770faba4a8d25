import { createTRPCUntypedClient, TRPCClientError, type TRPCLink } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import { expect, inject } from 'vitest';

/** A key that no other test and no other run uses. */
export function uniqueKey(): string {
  return crypto.randomUUID();
}

/** The address of a profile of the conformance server. */
export function profile(name = 'trpc'): string {
  return `${inject('server')}/${name}`;
}

/** The same address for WebSocket connections. */
export function socketProfile(name = 'trpc'): string {
  return profile(name).replace(/^http/, 'ws');
}

export function clientOf(...links: TRPCLink<AnyTRPCRouter>[]) {
  return createTRPCUntypedClient<AnyTRPCRouter>({ links });
}

export type Client = ReturnType<typeof clientOf>;

/** What a subscription has seen so far. */
export interface Seen {
  data: unknown[];
  errors: TRPCClientError<AnyTRPCRouter>[];
  started: number;
  stopped: boolean;
  completed: boolean;
  unsubscribe: () => void;
}

export function subscribe(client: Client, path: string, input?: unknown): Seen {
  const seen: Seen = {
    data: [],
    errors: [],
    started: 0,
    stopped: false,
    completed: false,
    unsubscribe: () => {},
  };
  const subscription = client.subscription(path, input, {
    onStarted: () => {
      seen.started += 1;
    },
    onData: (data) => {
      seen.data.push(data);
    },
    onError: (error) => {
      seen.errors.push(error);
    },
    onStopped: () => {
      seen.stopped = true;
    },
    onComplete: () => {
      seen.completed = true;
    },
  });
  seen.unsubscribe = () => subscription.unsubscribe();
  return seen;
}

/** Waits until `read` gives `expected`; the test's time limit is the only other end. */
export async function eventually(read: () => unknown, expected: unknown): Promise<void> {
  await expect.poll(read, { timeout: 15_000, interval: 20 }).toEqual(expected);
}

/** What became of the calls under `key`, asked for beside the client under test. */
export async function gauge(key: string): Promise<unknown> {
  const input = encodeURIComponent(JSON.stringify({ key }));
  const response = await fetch(`${profile()}/slow.stats?input=${input}`);
  const { result } = await response.json();
  return result.data;
}

export const ACTIVE = { active: 1, aborted: 0, completed: 0 };
export const ABORTED = { active: 0, aborted: 1, completed: 0 };

/** The error with which `call` fails. */
export async function failure(call: Promise<unknown>): Promise<TRPCClientError<AnyTRPCRouter>> {
  const error = await call.then(
    (value) => new Error(`no failure, but ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (error instanceof TRPCClientError) {
    return error;
  }
  throw error;
}
