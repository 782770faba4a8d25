import { callsOver } from './call.js';
import type { CallOptions, SubscribeOptions } from './contract.js';
import { hostOf } from './host.js';
import { http } from './http.js';
import type { ClientOptions, OptionsOf, RichOption, TransportOption } from './options.js';
import { subscribeOver } from './subscription.js';

/** A client of the procedures at `options.url`. */
export function createClient<Api>(options: OptionsOf<Api> & Partial<TransportOption>): Api;
export function createClient(
  options: ClientOptions & RichOption & Partial<TransportOption>,
): unknown {
  return createClientOn({ ...options, transport: options.transport ?? http() });
}

/** As `createClient`, without its default transport: bundlers leave that out where nothing else names it. */
export function createClientOn<Api>(options: OptionsOf<Api> & TransportOption): Api;
export function createClientOn(options: ClientOptions & RichOption & TransportOption): unknown {
  const host = hostOf(options);
  const wire = options.transport(host);
  const call = callsOver(wire, host);

  const at = (path: string): unknown =>
    new Proxy(
      {},
      {
        get: (_, key) =>
          key === 'query' || key === 'mutate'
            ? (input: unknown, its?: CallOptions) => call(key, path, input, its)
            : key === 'subscribe'
              ? (input: unknown, its?: SubscribeOptions<unknown, unknown>) =>
                  subscribeOver(wire, host, path, input, its)
              : // Whoever awaits a value asks whether it is a promise.
                key === 'then' || typeof key === 'symbol'
                ? undefined
                : at(path ? `${path}.${key}` : key),
      },
    );
  return at('');
}
