import { type ApiError, errorOf, isTransient } from './api-error.js';
import { parse } from './json.js';
import type { Host, PendingSubscription } from './transport.js';

/**
 * Keeps a subscription open over HTTP, and resumes it after the last event where a stream ends.
 *
 * Not an `EventSource`: that sends no headers, and does not say why it failed.
 */
export function subscribeToEvents(
  { url, fetch, error, delay }: Host,
  { path, payload, options, state, event: deliver, end }: PendingSubscription,
): () => void {
  let { lastEventId: id = '' } = options;
  let connection: AbortController;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  let inactivityMs: number | undefined;
  let retryMs: number | undefined;
  let attempt = 0;

  const later = (callback: () => void, ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(callback, ms);
  };

  const connect = async (): Promise<void> => {
    let isFinal: boolean | undefined;
    let failure: ApiError | undefined;
    connection = new AbortController();
    try {
      const response = await fetch(
        `${url}/${path}${payload ? `?input=${encodeURIComponent(`${payload}`)}` : ''}`,
        {
          headers: { ...options.headers, ...(id && { 'last-event-id': id }) },
          signal: connection.signal,
        },
      );
      if (!response.body || !response.headers.get('content-type')?.includes('event-stream')) {
        throw error(path, parse(await response.text()), response);
      }
      state('open');
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        if (inactivityMs) {
          later(() => connection.abort('silent for too long'), inactivityMs);
        }
        const { done, value } = await reader.read();
        if (done) {
          break;
        }
        const blocks = (rest + value).split(/\r\n\r\n|\n\n|\r\r/);
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const fields: Record<string, string> = { id };
          for (const [, field = '', text = ''] of block.matchAll(/^(\w+):? ?([^\r\n]*)/gm)) {
            fields[field] = field === 'data' && field in fields ? `${fields.data}\n${text}` : text;
          }
          const { event = 'message', data, retry } = fields;
          const content = parse(data ?? '');
          // An id without data is a position, from which to resume.
          id = fields.id ?? '';
          retryMs = Number(retry) || retryMs;
          if (event === 'connected') {
            inactivityMs = Object(content).reconnectAfterInactivityMs;
          } else if (event === 'return') {
            end();
          } else if (event === 'serialized-error') {
            // The number of failures that may pass.
            isFinal = Object(content).code !== -32603;
            throw error(path, { error: content }, response);
          } else {
            attempt = 0;
            if (event === 'message' && data !== undefined) {
              if (content === undefined) {
                throw error(path, content, response);
              }
              deliver(content, id);
            }
          }
        }
      }
    } catch (cause) {
      failure = errorOf(path, cause);
      isFinal ??= !isTransient(failure);
    }
    connection.abort();
    if (isFinal) {
      end(failure);
    } else if (!isClosed) {
      // A stream that ends without a word asks for another one.
      state('reconnecting', failure);
      later(connect, delay(attempt, failure, retryMs));
      attempt += 1;
    }
  };

  state('connecting');
  connect();
  return () => {
    isClosed = true;
    clearTimeout(timer);
    connection.abort();
  };
}
