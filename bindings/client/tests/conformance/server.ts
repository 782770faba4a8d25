import {
  type ApiError,
  type ClientOptions,
  type ConnectionState,
  createClient,
  http,
  isApiError,
  type Transport,
} from '@tintype/client';
import { expect, inject } from 'vitest';
import type {} from '../../../../crates/tintype-conformance/clients/current/tests/conformance-server.ts';
import type { Api, Gauge } from './api.ts';

/** A request that a client has sent. */
export interface Sent {
  readonly method: string;
  /** The part of the URL after the profile. */
  readonly target: string;
  readonly headers: Headers;
}

export interface Recorder {
  readonly sent: Sent[];
  readonly fetch: NonNullable<ClientOptions['fetch']>;
}

/** A `fetch` that remembers what it was asked. */
export function recorder(): Recorder {
  const sent: Sent[] = [];
  return {
    sent,
    fetch(url, init) {
      sent.push(sentBy(url, init));
      return fetch(url, init);
    },
  };
}

export function sentBy(url: string, { method = 'GET', headers }: RequestInit): Sent {
  const target = url.replace(/^https?:\/\/[^/]+\/\w+/, '');
  return { method, target, headers: new Headers(headers) };
}

/** The address of a profile of the conformance server. */
export function profile(name = 'trpc'): string {
  return `${inject('server')}/${name}`;
}

export interface ConnectOptions extends Partial<ClientOptions> {
  readonly profile?: string;
  readonly transport?: Transport;
}

export function connect({ profile: name, transport = http, ...options }: ConnectOptions = {}): Api {
  return createClient<Api>(transport, { url: profile(name), retryDelayMs: 1, ...options });
}

/** A key that no other test and no other run uses. */
export function uniqueKey(): string {
  return crypto.randomUUID();
}

/** The error with which `call` fails. */
export async function failure(call: Promise<unknown>): Promise<ApiError> {
  const outcome = await call.then(
    (value) => new Error(`no failure, but ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (isApiError(outcome)) {
    return outcome;
  }
  throw outcome;
}

/** Waits until `read` gives `expected`; the time limit of the test is the only other end. */
export async function eventually(read: () => unknown, expected: unknown): Promise<void> {
  await expect.poll(read, { timeout: 15_000, interval: 10 }).toEqual(expected);
}

/** What became of the calls under `key`, asked for beside the client under test. */
export async function gauge(key: string): Promise<Gauge> {
  return await connect().slow.stats.query({ key });
}

export const ACTIVE: Gauge = { active: 1, aborted: 0, completed: 0 };
export const ABORTED: Gauge = { active: 0, aborted: 1, completed: 0 };

/** What a subscription has seen so far. */
export interface Seen<O> {
  readonly data: O[];
  readonly errors: ApiError[];
  readonly states: ConnectionState[];
  completed: number;
}

/** Empty notes, and the callbacks that fill them. */
export function notes<O>() {
  const seen: Seen<O> = { data: [], errors: [], states: [], completed: 0 };
  return {
    seen,
    callbacks: {
      onData: (event: O) => {
        seen.data.push(event);
      },
      onError: (error: ApiError) => {
        seen.errors.push(error);
      },
      onState: (state: ConnectionState) => {
        seen.states.push(state);
      },
      onComplete: () => {
        seen.completed += 1;
      },
    },
  };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) {
    collected.push(item);
  }
  return collected;
}
