import type { IsRich, RichTypes } from '../contract.js';
import type { TanstackQuery } from './tanstack-query.js';
import { type AnyProcedure, type TanstackQueryOptions, toolsOf } from './tools.js';

/**
 * Gives every procedure of a client the options, keys and filters that TanStack Query takes.
 *
 * ```ts
 * const client = createClient<Api>(http, { url: '/trpc', contract });
 * const api = createTanstackQuery(client, { contract });
 *
 * const { data, error } = useQuery(api.widgets.list.queryOptions({ limit: 10 }));
 * ```
 *
 * It keeps no data and touches no page, so one at the top of a module serves the browser and the
 * server.
 */
export function createTanstackQuery<TApi extends object>(
  client: TApi,
  ...[options]: IsRich<TApi> extends true
    ? [options: TanstackQueryOptions & { readonly rich: Pick<RichTypes, 'encode'> }]
    : [options?: TanstackQueryOptions]
): TanstackQuery<TApi> {
  const level = (procedure: AnyProcedure, path: readonly string[]): object =>
    new Proxy(toolsOf(procedure, path, options ?? {}), {
      get(tools, name) {
        // Consoles, test runners and iteration look for symbols, which name no procedure.
        if (typeof name === 'symbol') return undefined;
        tools[name] ??= level(procedure[name] as AnyProcedure, [...path, name]);
        return tools[name];
      },
    });
  // The types say what the proxy does: see `TanstackQuery`.
  return level(client as AnyProcedure, []) as TanstackQuery<TApi>;
}
