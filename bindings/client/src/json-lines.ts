import { errorOf } from './api-error.js';
import { parse } from './json.js';
import { type StreamedItems, streamed } from './streamed.js';
import type { Operation } from './transport.js';

/** A part of an answer that comes later. */
interface Part {
  readonly call: Operation;
  /** Takes a line of the part; says whether it was the last. */
  take(status: unknown, payload: unknown): boolean;
  fail(cause: unknown): void;
}

/** Reads an answer that comes line by line; each call ends with the last of its parts. */
export async function readLines(
  response: Response,
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  calls: readonly Operation[],
  maxWaiting: number,
): Promise<void> {
  const parts = new Map<unknown, Part>();
  /** Calls whose data the caller has. */
  const answered = new Set<Operation>();

  const endIfComplete = (call: Operation): void => {
    if (answered.has(call) && ![...parts.values()].some((part) => part.call === call)) {
      call.end();
    }
  };

  const leave = (id: unknown, { call }: Part): void => {
    parts.delete(id);
    endIfComplete(call);
  };

  const drop = (call: Operation, cause: unknown): void => {
    for (const [id, part] of [...parts]) {
      if (part.call === call) {
        part.fail(errorOf(call.path, cause, 'ABORTED'));
        parts.delete(id);
      }
    }
  };

  /** A value with promises and iterables in the places of its placeholders. */
  const assemble = (call: Operation, encoded: unknown): unknown => {
    if (!Array.isArray(encoded) || !Array.isArray(encoded[0])) {
      throw call.error(undefined, response);
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

  const promiseOf = (call: Operation, id: unknown): Promise<unknown> => {
    const promise = new Promise((resolve, reject) => {
      parts.set(id, {
        call,
        take(status, payload) {
          if (status === 0) {
            resolve(assemble(call, payload));
          } else {
            reject(call.error(Object(payload), response));
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

  const itemsOf = (call: Operation, id: unknown): AsyncIterable<unknown> => {
    const items: StreamedItems<unknown> = streamed(() => leave(id, part));
    const part: Part = {
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
          items.fail(call.error(Object(payload), response));
        }
        return true;
      },
      fail: items.fail,
    };
    parts.set(id, part);
    return items.iterable;
  };

  /** Waits for the parts of the envelope itself; what is inside of the data may come later. */
  const answer = async (call: Operation, encoded: unknown): Promise<void> => {
    try {
      const envelope = Object(await assemble(call, encoded));
      const result = Object(await envelope.result);
      const data = await result.data;
      if (envelope.error) {
        throw call.error(envelope.error, response);
      }
      call.onData(data);
      answered.add(call);
      endIfComplete(call);
    } catch (cause) {
      call.fail(cause);
      if (!call.signal.aborted) {
        // It is sent again in another request, and needs this one no more.
        call.release?.();
        delete call.release;
      }
    }
  };

  const take = (line: string): void => {
    const [id, status, payload] = Object(parse(line));
    const part = parts.get(id);
    if (!part) {
      return;
    }
    try {
      if (part.take(status, payload)) {
        leave(id, part);
      }
    } catch (cause) {
      part.fail(cause);
      leave(id, part);
    }
  };

  let isBegun = false;
  const begin = (line: string): void => {
    const head = Object(parse(line));
    isBegun = true;
    calls.forEach((call, index) => {
      if (!call.signal.aborted) {
        const { release } = call;
        call.release = (failure) => {
          drop(call, failure);
          release?.();
        };
        answer(call, head[index]);
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
  for (const [id, part] of [...parts]) {
    part.fail(errorOf(part.call.path, failure));
    leave(id, part);
  }
}
