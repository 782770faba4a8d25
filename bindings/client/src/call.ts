import { errorOf, isTransient } from './api-error.js';
import type { CallOptions } from './contract.js';
import type { Host, PendingCall, Wire } from './transport.js';

export type MakeCall = (
  kind: PendingCall['kind'],
  path: string,
  input: unknown,
  options?: CallOptions,
) => Promise<unknown>;

/** Calls of one tick leave together, those that are sent again too. */
export function callsOver(wire: Wire, host: Host): MakeCall {
  const { contract, decode, delay, error, options } = host;
  let tick: PendingCall[] | undefined;

  const enqueue = (call: PendingCall): void => {
    if (!tick) {
      const calls: PendingCall[] = [];
      tick = calls;
      setTimeout(() => {
        tick = undefined;
        wire.send(calls.filter(({ options }) => !options.signal?.aborted));
      });
    }
    tick.push(call);
  };

  return (kind, path, input, its = {}) =>
    new Promise((resolve, reject) => {
      const { signal } = its;
      let attempt = 0;
      const call: PendingCall = {
        kind,
        path,
        options: its,
        payload: host.payload(path, input),
        answer(envelope, response) {
          try {
            const { result } = Object(envelope);
            if (Object(result) !== result) {
              throw error(path, envelope, response);
            }
            resolve(decode(path, result.data));
            signal?.removeEventListener('abort', abort);
          } catch (cause) {
            call.reject(cause);
          }
        },
        reject(cause) {
          const failure = errorOf(path, cause);
          if (
            isTransient(failure) &&
            (kind === 'query' || contract.retry?.includes(path)) &&
            attempt < (options.retries ?? 2) &&
            !signal?.aborted
          ) {
            setTimeout(enqueue, delay(attempt, failure), call);
            attempt += 1;
          } else {
            reject(failure);
            signal?.removeEventListener('abort', abort);
          }
        },
      };
      const abort = (): void => {
        reject(errorOf(path, signal?.reason, 'ABORTED'));
        call.cancel?.();
      };
      signal?.addEventListener('abort', abort);
      signal?.aborted ? abort() : enqueue(call);
    });
}
