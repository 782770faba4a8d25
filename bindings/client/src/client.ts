import type { CallOptions } from './contract.js';
import { operationsOver } from './operation.js';
import type { ClientOptions, OptionsOf } from './options.js';
import type { Transport } from './transport.js';

/** A client of the procedures at `options.url`, which are called over a transport such as `http`. */
export function createClient<Api>(transport: Transport, options: OptionsOf<Api>): Api;
export function createClient(transport: Transport, options: ClientOptions): unknown {
  const operation = operationsOver(transport, options);

  // A method can be called, and its name may be that of a namespace or a procedure all the same.
  const at = (path: string, method: object = {}): unknown =>
    new Proxy(method, {
      get: (_, name) =>
        // Consoles, test runners and iteration look for symbols, which name no procedure.
        typeof name === 'symbol'
          ? undefined
          : at(
              path ? `${path}.${name}` : name,
              name === 'subscribe'
                ? operation(name, path)
                : name === 'query' || name === 'mutate'
                  ? (input: unknown, options?: CallOptions) =>
                      new Promise((onData, onError) =>
                        operation(name, path)(input, { ...options, onData, onError }),
                      )
                  : {},
            ),
    });
  return at('');
}
