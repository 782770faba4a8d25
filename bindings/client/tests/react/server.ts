import { createClient, type Fetch, http } from '@tintype/client';
import { uploads } from '@tintype/client/upload';
import { expect, inject } from 'vitest';
import type {} from '../../../../crates/tintype-conformance/clients/current/tests/conformance-server.ts';
import type { ConformanceApi } from './conformance-api.ts';

/** A key that no other test and no other run uses. */
export function uniqueKey(): string {
  return crypto.randomUUID();
}

/** A client of a profile of the conformance server, and the requests that it has sent by `send`. */
export function clientOf(profile = 'trpc', send: Fetch = fetch) {
  const requests: string[] = [];
  const client = createClient<ConformanceApi>(uploads(http), {
    url: `${inject('server')}/${profile}`,
    retryDelayMs: 1,
    fetch: (url, init) => {
      requests.push(url);
      return send(url, init);
    },
  });
  return { client, requests };
}

/** Waits until `read` gives `expected`; the test's time limit is the only other end. */
export async function eventually(read: () => unknown, expected: unknown): Promise<void> {
  await expect.poll(read, { timeout: 15_000, interval: 20 }).toEqual(expected);
}

/** What became of the calls under `key`, asked for beside the client under test. */
export async function gauge(key: string): Promise<unknown> {
  const input = encodeURIComponent(JSON.stringify({ key }));
  const response = await fetch(`${inject('server')}/trpc/slow.stats?input=${input}`);
  const { result } = await response.json();
  return result.data;
}

export const ACTIVE = { active: 1, aborted: 0, completed: 0 };
export const ABORTED = { active: 0, aborted: 1, completed: 0 };
