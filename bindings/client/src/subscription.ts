import { type ApiError, errorOf } from './api-error.js';
import { tell } from './callback.js';
import type { SubscribeOptions, SubscriptionHandle } from './contract.js';
import type { Host, Wire } from './transport.js';

/** Subscribes at once, and hands events to the callbacks or to the one who iterates. */
export function subscribeOver(
  wire: Wire,
  { payload, decode }: Host,
  path: string,
  input: unknown,
  options: SubscribeOptions<unknown, unknown> = {},
): SubscriptionHandle<unknown> {
  const { signal, onData, onState, maxWaiting = 1000 } = options;
  const waiting: unknown[] = [];
  let isOver = false;
  let failure: ApiError | undefined;
  let close: (() => void) | undefined;
  let wake: (() => void) | undefined;

  const finish = (): void => {
    isOver = true;
    signal?.removeEventListener('abort', unsubscribe);
    close?.();
    wake?.();
    tell(onState, 'closed', failure);
  };

  const unsubscribe = (): void => {
    isOver || finish();
  };

  const end = (cause?: unknown): void => {
    if (!isOver) {
      failure = cause ? errorOf(path, cause) : undefined;
      finish();
      failure ? tell(options.onError, failure) : tell(options.onComplete);
    }
  };

  try {
    close = wire.subscribe({
      path,
      payload: payload(path, input),
      options,
      state: (state, cause) => tell(onState, state, cause ? errorOf(path, cause) : undefined),
      event(value, id) {
        const data = decode(path, value);
        const event = id ? { id, data } : data;
        if (isOver) {
          // Unsubscribed by an event before.
        } else if (onData) {
          tell(onData, event);
        } else if (waiting.push(event) > maxWaiting) {
          throw errorOf(path, `${maxWaiting} events wait to be read`, 'ABORTED');
        }
        wake?.();
      },
      end,
    });
  } catch (cause) {
    end(cause);
  }
  signal?.addEventListener('abort', unsubscribe);
  if (signal?.aborted) {
    unsubscribe();
  }

  return {
    unsubscribe,
    async *[Symbol.asyncIterator]() {
      try {
        while (!isOver || waiting.length) {
          if (waiting.length) {
            yield waiting.shift();
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
        if (failure) {
          throw failure;
        }
      } finally {
        unsubscribe();
      }
    },
  };
}
