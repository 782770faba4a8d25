import { http, readWhole } from './http.js';
import { readLines } from './json-lines.js';
import { splitTransport } from './split-transport.js';
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
  const calls: Transport = ({ headers, ...options }) => {
    const asking = {
      ...options,
      headers: async () => ({
        'trpc-accept': 'application/jsonl',
        ...(typeof headers === 'function' ? await headers() : headers),
      }),
    };
    return http(asking, (response, calls) =>
      // A request that was refused as a whole is answered with plain JSON.
      response.ok && response.body
        ? readLines(response, response.body, calls, maxWaiting)
        : readWhole(response, calls),
    );
  };
  return splitTransport({ calls, subscriptions: http });
}
