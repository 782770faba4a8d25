import { answer } from './answer.js';
import { readEvents } from './event-stream.js';
import { writeInput } from './input.js';
import { parse } from './json.js';
import { MAX_ITEMS, MAX_URL_LENGTH } from './limits.js';
import type { ClientOptions } from './options.js';
import type { Operation, Send } from './transport.js';

/** Hands each call of a batch its part of the answer. */
export type ReadBatch = (response: Response, calls: readonly Operation[]) => Promise<void>;

/**
 * Queries by GET, mutations by POST, the calls of a tick in one request; subscriptions as event streams.
 *
 * With `readBatch`, a call that is alone makes a batch too.
 */
export function http(options: ClientOptions, readBatch?: ReadBatch): Send {
  const { contract = {}, headers, maxItems = MAX_ITEMS, maxUrlLength = MAX_URL_LENGTH } = options;
  // The calls of this tick that may share a request, by what they have in common.
  const batches: Record<string, Operation[]> = {};

  const send = async (operations: readonly Operation[], isPost?: boolean): Promise<void> => {
    const calls = operations.filter(({ signal }) => !signal.aborted);
    const [first, second] = calls;
    if (!first) {
      return;
    }
    const isBatch = second || readBatch;
    const body = isBatch
      ? `{${calls.flatMap(({ payload }, index) => (payload ? `"${index}":${payload}` : []))}}`
      : first.payload;
    const input = body && !isPost ? `${isBatch ? '&' : '?'}input=${encodeURIComponent(body)}` : '';
    const address = `${options.url.replace(/\/$/, '')}/${calls.map(({ path }) => path)}${isBatch ? '?batch=1' : ''}${input}`;
    if (second && (calls.length > maxItems || address.length > maxUrlLength)) {
      const rest = calls.splice(calls.length >> 1);
      send(calls, isPost);
      return send(rest, isPost);
    }
    const request = new AbortController();
    let wanted = calls.length;
    for (const call of calls) {
      call.release = () => --wanted || request.abort();
    }
    try {
      const response = await (options.fetch ?? fetch)(address, {
        ...options,
        ...first,
        // For `fetch`, undefined is no body.
        ...(isPost && { method: 'POST', body: body as string }),
        headers: {
          ...(isPost && { 'content-type': 'application/json' }),
          ...(first.lastEventId && { 'last-event-id': first.lastEventId }),
          ...(typeof headers === 'function' ? await headers() : headers),
          ...first.headers,
        },
        signal: request.signal,
      });
      await (response.headers.get('content-type')?.includes('event-stream')
        ? readEvents(response, first, options)
        : (readBatch ?? readWhole)(response, calls));
    } catch (cause) {
      for (const call of calls) {
        call.fail(cause);
      }
    }
    request.abort();
  };

  return (operation) => {
    const { kind, path, headers } = operation;
    writeInput(operation);
    const isPost = kind === 'mutate' || contract.post?.includes(path);
    const isAlone = kind === 'subscribe' || headers || contract.alone?.includes(path);
    // biome-ignore lint/suspicious/noAssignInExpressions: a batch begins with its first call
    const batch = isAlone ? [] : (batches[kind + isPost] ??= []);
    batch.push(operation) > 1 || setTimeout(() => send(batch.splice(0), isPost));
  };
}

/** The answer as a whole: an array for a batch, unless the batch was refused. */
export async function readWhole(response: Response, calls: readonly Operation[]): Promise<void> {
  answer(calls, parse(await response.text()), response);
}
