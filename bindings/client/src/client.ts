import type { CallOptions } from './contract.js';
import { operationsOver } from './operation.js';
import type { ClientOptions, OptionsOf } from './options.js';
import type { Transport } from './transport.js';

/** A client of the procedures at `options.url`, which are called over a transport such as `http`. */
export function createClient<Api>(transport: Transport, options: OptionsOf<Api>): Api;
export function createClient(transport: Transport, options: ClientOptions): unknown {
  const operation = operationsOver(transport, options);

  const at = (path: string): unknown =>
    new Proxy(
      {},
      {
        get(_, name) {
          // Consoles, test runners and iteration look for symbols, which name no procedure.
          if (typeof name === 'symbol') {
            return undefined;
          }
          if (name === 'subscribe') {
            return operation(name, path);
          }
          return name === 'query' || name === 'mutate'
            ? (input: unknown, options?: CallOptions) =>
                new Promise((onData, onError) =>
                  operation(name, path)(input, { ...options, onData, onError }),
                )
            : at(path ? `${path}.${name}` : name);
        },
      },
    );
  return at('');
}
