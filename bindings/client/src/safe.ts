import type { ApiError } from './api-error.js';
import type { Call } from './contract.js';

/** Turns the rejection of a call into a value, typed by the procedure: `[output, undefined]` or `[undefined, error]`. */
export function safe<O, E>(
  call: Call<O, E>,
): Promise<readonly [O, undefined] | readonly [undefined, ApiError<E>]>;
export function safe(call: Promise<unknown>): Promise<readonly [unknown, unknown]> {
  return call.then(
    (output) => [output, undefined],
    (error) => [undefined, error],
  );
}
