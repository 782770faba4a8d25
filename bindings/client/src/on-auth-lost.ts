import type { ApiError } from './api-error.js';
import { tell } from './callback.js';
import { prepared } from './prepared.js';
import type { Transport } from './transport.js';

/** How long the loss is not told again, in milliseconds: the calls of a page lose it together. */
const QUIET_MS = 1000;

/** A transport that tells when the server does not know the caller any more, once for the failures that come together. */
export function onAuthLost(transport: Transport, callback: (error: ApiError) => void): Transport {
  let quietUntil = 0;
  return prepared(transport, (operation) => {
    const { error } = operation;
    operation.error = (...details) => {
      const failure = error(...details);
      if (failure.code === 'UNAUTHORIZED' && Date.now() > quietUntil) {
        quietUntil = Date.now() + QUIET_MS;
        tell(callback, failure);
      }
      return failure;
    };
  });
}
