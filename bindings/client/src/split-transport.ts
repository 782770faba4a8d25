import type { Transport } from './transport.js';

/** Sends calls by one transport and subscriptions by another. */
export function splitTransport(transports: {
  readonly calls: Transport;
  readonly subscriptions: Transport;
}): Transport {
  return (options) => {
    const call = transports.calls(options);
    const subscribe = transports.subscriptions(options);
    return (operation) => (operation.kind === 'subscribe' ? subscribe : call)(operation);
  };
}
