import { ApiError, errorOf } from './api-error.js';
import { tell } from './callback.js';
import type { Unsubscribe } from './contract.js';
import type { ClientOptions } from './options.js';
import type { Operation, OperationOptions, Transport } from './transport.js';

/** Begins an operation; the function that it returns ends it without a word. */
export type Begin = (input: unknown, options?: OperationOptions) => Unsubscribe;

/** Runs calls and subscriptions over `transport`, each from its first attempt to its end. */
export function operationsOver(
  transport: Transport,
  clientOptions: ClientOptions,
): (kind: Operation['kind'], path: string) => Begin {
  const {
    contract,
    rich,
    retries = 2,
    retryDelayMs = 500,
    maxRetryDelayMs = 30_000,
  } = clientOptions;
  const carry = (rich ? rich.over(transport) : transport)(clientOptions);
  // Drawn for each attempt: operations that fail together are sent again together.
  let jitter: number;

  const send = (operation: Operation): void => {
    jitter = Math.random();
    try {
      carry(operation);
    } catch (cause) {
      operation.fail(cause, 'BAD_REQUEST');
    }
  };

  return (kind, path) =>
    (input, options = {}) => {
      const { signal, onData, onState } = options;
      const controller = new AbortController();
      let timer: ReturnType<typeof setTimeout> | undefined;

      const finish = (callback?: (failure?: ApiError) => void, failure?: ApiError): void => {
        if (!operation.signal.aborted) {
          controller.abort();
          operation.release?.(failure);
          clearTimeout(timer);
          tell(onState, 'closed', failure);
          tell(callback, failure);
        }
      };

      const abort = (): void =>
        kind === 'subscribe' ? finish() : operation.fail(signal?.reason, 'ABORTED');

      const operation: Operation = {
        ...options,
        kind,
        path,
        input,
        signal: controller.signal,
        attempt: 0,
        retryDelayMs,
        onData(value, id) {
          operation.signal.aborted || tell(onData, id ? { id, data: value } : value);
        },
        end: () => finish(options.onComplete),
        fail(cause, itsCode) {
          const failure = errorOf(path, cause, itsCode);
          const { code, httpStatus = 0, retryAfterMs = 0 } = failure;
          const isSubscription = kind === 'subscribe';
          if (
            !itsCode &&
            (code === 'TRANSPORT' ||
              httpStatus === 429 ||
              httpStatus > (isSubscription ? 499 : 501)) &&
            (isSubscription ||
              (operation.attempt < retries &&
                (kind === 'query' || contract?.retry?.includes(path))))
          ) {
            if (!operation.signal.aborted) {
              tell(onState, 'reconnecting', failure);
              timer = setTimeout(
                send,
                Math.max(
                  Math.min(maxRetryDelayMs, operation.retryDelayMs * 2 ** operation.attempt++) *
                    jitter,
                  Math.min(maxRetryDelayMs, retryAfterMs),
                ),
                operation,
              );
            }
          } else {
            finish(options.onError, failure);
          }
        },
        error(failure, response) {
          const data = failure?.data ?? {};
          const { code = 'MALFORMED', httpStatus = response?.status, validation, logId } = data;
          const after = response?.headers.get('retry-after') ?? '';
          return new ApiError(failure?.message ?? `${path}: bad answer, status ${httpStatus}`, {
            code,
            path,
            httpStatus,
            error: data.error,
            validation,
            logId,
            retryAfterMs: Number(after) * 1000 || Date.parse(after) - Date.now() || undefined,
            data,
          });
        },
      };

      tell(onState, 'connecting');
      signal?.addEventListener('abort', abort, operation);
      signal?.aborted ? abort() : send(operation);
      return Object.assign(() => finish(), { path });
    };
}
