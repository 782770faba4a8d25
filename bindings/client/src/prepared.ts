import type { Operation, Transport } from './transport.js';

/** A transport that prepares an operation before it is sent the first time. */
export function prepared(transport: Transport, prepare: (operation: Operation) => void): Transport {
  return (options) => {
    const send = transport(options);
    return (operation) => {
      operation.attempt || prepare(operation);
      send(operation);
    };
  };
}
