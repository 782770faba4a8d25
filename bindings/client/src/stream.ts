import { subscribeToEvents } from './event-stream.js';
import { readWhole, sendRequests } from './http.js';
import { readLines } from './json-lines.js';
import type { Transport } from './transport.js';

/** How answers are read that come line by line. */
export interface StreamOptions {
  /** How many items of an iterable wait for their reader before it fails; 1000 by default. */
  readonly maxWaiting?: number | undefined;
}

/**
 * Batches that are answered line by line: each call as soon as it is done, with promises and iterables inside.
 *
 * Subscriptions are event streams, as they are without this transport.
 */
export function streamBatch({ maxWaiting = 1000 }: StreamOptions = {}): Transport {
  return (host) => ({
    send(calls) {
      sendRequests(host, calls, {
        headers: { 'trpc-accept': 'application/jsonl' },
        always: true,
        async read(response, calls, request) {
          // A request that was refused as a whole is answered with plain JSON, and so are bodies.
          if (!response.ok || !response.body || typeof calls[0]?.payload === 'object') {
            await readWhole(response, calls);
          } else {
            await readLines(host, response, response.body, calls, request, maxWaiting);
          }
        },
      });
    },
    subscribe: (subscription) => subscribeToEvents(host, subscription),
  });
}
