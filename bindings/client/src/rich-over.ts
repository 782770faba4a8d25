import type { RichTypes } from './contract.js';
import { isBody } from './is-body.js';
import { prepared } from './prepared.js';
import { encode } from './rich-encode.js';
import type { Transport } from './transport.js';

/** A transport that writes inputs and reads answers of rich types. */
export function richOver(transport: Transport, decode: RichTypes['decode']): Transport {
  return prepared(transport, (operation) => {
    const { error, input, onData, path } = operation;
    if (!isBody(input)) {
      operation.payload = encode(input);
    }
    operation.onData = (value, id) => onData(decode(path, value), id);
    operation.error = (failure, response) => {
      const plain = error(failure, response);
      return Object.assign(plain, { error: decode(path, plain.error, true) });
    };
  });
}
