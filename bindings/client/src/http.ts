import { subscribeToEvents } from './event-stream.js';
import { parse } from './json.js';
import { MAX_ITEMS, MAX_URL_LENGTH } from './limits.js';
import type { Host, PendingCall, Transport } from './transport.js';

/** Queries by GET, mutations by POST, the calls of a tick in one request; subscriptions as event streams. */
export function http(): Transport {
  return (host) => ({
    send: (calls) => sendRequests(host, calls, { read: readWhole }),
    subscribe: (subscription) => subscribeToEvents(host, subscription),
  });
}

/** How batches are asked for, and how their answers come. */
export interface Batching {
  readonly headers?: Record<string, string>;
  /** Whether a call that is alone makes a batch too. */
  readonly always?: boolean;
  /** Hands each call its answer. */
  read(response: Response, calls: readonly PendingCall[], request: AbortController): Promise<void>;
}

/** Sends calls in few requests. */
export function sendRequests(
  { url, contract, options, fetch }: Host,
  calls: readonly PendingCall[],
  { headers, always, read }: Batching,
): void {
  const { maxItems = MAX_ITEMS, maxUrlLength = MAX_URL_LENGTH, postLongQueries } = options;
  // Calls that may share a request, by what they have in common.
  const groups = new Map<unknown, PendingCall[]>();

  const send = async (calls: readonly PendingCall[]): Promise<void> => {
    const [first, second] = calls;
    if (!first) {
      return;
    }
    const { kind, path, payload, options } = first;
    const isBody = typeof payload === 'object';
    const isBatch = !isBody && (second || always);
    const body = isBatch
      ? `{${calls.flatMap(({ payload }, index) => (payload ? `"${index}":${payload}` : []))}}`
      : payload;
    const bare = `${url}/${calls.map(({ path }) => path)}${isBatch ? '?batch=1' : ''}`;
    const full = body
      ? `${bare}${isBatch ? '&' : '?'}input=${encodeURIComponent(`${body}`)}`
      : bare;
    const isPost =
      isBody ||
      kind === 'mutate' ||
      contract.post?.includes(path) ||
      (postLongQueries && !second && full.length > maxUrlLength);
    const address = isPost ? bare : full;
    if (second && (calls.length > maxItems || address.length > maxUrlLength)) {
      const half = calls.length >> 1;
      send(calls.slice(0, half));
      send(calls.slice(half));
      return;
    }
    const controller = new AbortController();
    let wanted = calls.length;
    for (const call of calls) {
      call.cancel = () => {
        wanted -= 1;
        wanted || controller.abort();
      };
    }
    try {
      const response = await fetch(address, {
        ...(isPost && { method: 'POST', body: body ?? null, duplex: 'half' }),
        headers: {
          // A form says its type itself, with its boundary.
          ...(isPost &&
            !(body instanceof FormData) && {
              'content-type': `application/${isBody ? 'octet-stream' : 'json'}`,
            }),
          ...(isBatch && headers),
          ...options.headers,
        },
        signal: controller.signal,
        onProgress: options.onProgress,
      });
      await read(response, calls, controller);
    } catch (cause) {
      for (const call of calls) {
        call.reject(cause);
      }
    }
  };

  for (const call of calls) {
    const { kind, path, payload, options } = call;
    const key =
      typeof payload === 'object' || options.headers || contract.alone?.includes(path)
        ? call
        : kind + contract.post?.includes(path);
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  for (const group of groups.values()) {
    send(group);
  }
}

/** The answer as a whole: an array for a batch, unless the batch was refused. */
export async function readWhole(response: Response, calls: readonly PendingCall[]): Promise<void> {
  const answers = Object(parse(await response.text()));
  calls.forEach((call, index) => {
    call.answer(answers[index] ?? answers, response);
  });
}
