import { errorOf } from './api-error.js';
import { parse } from './json.js';
import { type StreamedItems, streamed } from './streamed.js';
import type { Host, PendingCall } from './transport.js';

/** A part of an answer that comes later. */
interface Part {
  readonly call: PendingCall;
  /** Takes a line of the part; says whether it was the last. */
  take(status: unknown, payload: unknown): boolean;
  fail(cause: unknown): void;
}

/** Reads an answer that comes line by line, and gives each call its part as soon as it is complete. */
export async function readLines(
  host: Host,
  response: Response,
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  calls: readonly PendingCall[],
  request: AbortController,
  maxWaiting: number,
): Promise<void> {
  const parts = new Map<unknown, Part>();

  const leave = (id: unknown): void => {
    parts.delete(id);
    if (!parts.size) {
      request.abort();
    }
  };

  const drop = (call: PendingCall): void => {
    for (const [id, part] of [...parts]) {
      if (part.call === call) {
        part.fail(errorOf(call.path, call.options.signal?.reason, 'ABORTED'));
        leave(id);
      }
    }
  };

  /** A value with promises and iterables in the places of its placeholders. */
  const assemble = (call: PendingCall, encoded: unknown): unknown => {
    if (!Array.isArray(encoded) || !Array.isArray(encoded[0])) {
      throw host.error(call.path, undefined, response);
    }
    const [[value], ...definitions] = encoded;
    let whole: unknown = value;
    for (const definition of definitions) {
      const [key, kind, id] = Array.isArray(definition) ? definition : [];
      const part = kind === 1 ? itemsOf(call, id) : promiseOf(call, id);
      if (key === null) {
        whole = part;
      } else if (Object.hasOwn(Object(value), key)) {
        value[key] = part;
      }
    }
    return whole;
  };

  const promiseOf = (call: PendingCall, id: unknown): Promise<unknown> => {
    const promise = new Promise((resolve, reject) => {
      parts.set(id, {
        call,
        take(status, payload) {
          if (status === 0) {
            resolve(assemble(call, payload));
          } else {
            reject(host.error(call.path, { error: payload }, response));
          }
          return true;
        },
        fail: reject,
      });
    });
    // Whoever gets the promise may look at it later, or never.
    promise.catch(() => {});
    return promise;
  };

  const itemsOf = (call: PendingCall, id: unknown): AsyncIterable<unknown> => {
    const items: StreamedItems = streamed(() => leave(id));
    parts.set(id, {
      call,
      take(status, payload) {
        if (status === 1) {
          if (items.push(assemble(call, payload)) > maxWaiting) {
            const cause = `${maxWaiting} items wait to be read`;
            throw errorOf(call.path, cause, 'ABORTED');
          }
          return false;
        }
        if (status === 0) {
          items.end(assemble(call, payload));
        } else {
          items.fail(host.error(call.path, { error: payload }, response));
        }
        return true;
      },
      fail: items.fail,
    });
    return items.iterable;
  };

  /** Waits for the parts of the envelope itself; what is inside of the data may come later. */
  const answer = async (call: PendingCall, encoded: unknown): Promise<void> => {
    try {
      const envelope = Object(await assemble(call, encoded));
      const result = Object(await envelope.result);
      const data = await result.data;
      call.answer(envelope.error ? envelope : { result: { data } }, response);
    } catch (cause) {
      call.reject(cause);
    }
  };

  const take = (line: string): void => {
    const [id, status, payload] = Object(parse(line));
    const part = parts.get(id);
    try {
      if (part?.take(status, payload)) {
        parts.delete(id);
      }
    } catch (cause) {
      part?.fail(cause);
      leave(id);
    }
  };

  let isBegun = false;
  const begin = (line: string): void => {
    const head = Object(parse(line));
    isBegun = true;
    calls.forEach((call, index) => {
      const { signal } = call.options;
      if (!signal?.aborted) {
        answer(call, head[index]);
        signal?.addEventListener('abort', () => drop(call), { signal: request.signal });
      }
    });
  };

  let failure: unknown = 'the answer ended too early';
  try {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      const lines = (rest + chunk.value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        isBegun ? take(line) : begin(line);
      }
    }
  } catch (cause) {
    failure = cause;
  }
  if (!isBegun) {
    throw failure;
  }
  for (const { call, fail } of parts.values()) {
    fail(errorOf(call.path, failure));
  }
  request.abort();
}
