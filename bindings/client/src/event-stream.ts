import { tell } from './callback.js';
import { parse, type WireError } from './json.js';
import type { ClientOptions } from './options.js';
import type { Operation } from './transport.js';

/** What an event of the protocol holds, each another part of it. */
interface Content extends WireError {
  readonly reconnectAfterInactivityMs?: number;
}

/**
 * Reads an event stream up to its end, of which a subscription hears as of a failure: it asks for another one.
 *
 * Not an `EventSource`: that sends no headers, and does not say why it failed.
 */
export async function readEvents(
  response: Response,
  operation: Operation,
  { maxEventLength = 2 ** 24 }: ClientOptions,
): Promise<void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let inactivityMs: number | undefined;
  tell(operation.onState, 'open');
  for (;;) {
    if (inactivityMs) {
      timer = setTimeout(() => reader?.cancel(), inactivityMs);
    }
    const chunk = await reader?.read().finally(() => clearTimeout(timer));
    if (!chunk?.value) {
      throw 'stream lost';
    }
    const blocks = (rest + chunk.value).split(/\r?\n\r?\n|\r\r/);
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields: Record<string, string> = {};
      for (const [, field = '', text = ''] of block.matchAll(/^(\w+):? ?([^\r\n]*)/gm)) {
        fields[field] = (fields[field] ?? '') + text;
      }
      const { id = operation.lastEventId, event, data = '', retry } = fields;
      const content = parse<Content>(data);
      // An id without data is a position, from which to resume.
      operation.lastEventId = id;
      operation.retryDelayMs = Number(retry) || operation.retryDelayMs;
      if (event === 'connected') {
        inactivityMs = content?.reconnectAfterInactivityMs;
      } else if (event === 'return') {
        operation.end();
      } else if (event === 'serialized-error') {
        throw operation.error(content, response);
      } else {
        operation.attempt = 0;
        if (!event && data) {
          if (content === undefined) {
            throw operation.error(content, response);
          }
          operation.onData(content, id);
        }
      }
    }
    if (rest.length > maxEventLength) {
      throw `event over maxEventLength ${maxEventLength}`;
    }
  }
}
