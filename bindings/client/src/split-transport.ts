import type { Transport } from './transport.js';

/** Sends calls by one transport and subscriptions by another. */
export function splitTransport(transports: {
  readonly calls: Transport;
  readonly subscriptions: Transport;
}): Transport {
  return (host) => ({
    send: transports.calls(host).send,
    subscribe: transports.subscriptions(host).subscribe,
  });
}
