import {
  httpBatchLink,
  httpBatchStreamLink,
  httpLink,
  httpSubscriptionLink,
  isNonJsonSerializable,
  type Operation,
  splitLink,
  type TRPCLink,
} from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import type { Headers } from './contract.js';
import { fetchWithContract } from './fetch-with-contract.js';
import { MAX_ITEMS, MAX_URL_LENGTH } from './limits.js';
import type { ClientOptions } from './options.js';

/** Options of the links; everything but `url` has a default. */
export interface LinksOptions
  extends Pick<ClientOptions, 'url' | 'contract' | 'fetch' | 'maxItems'> {
  /** Headers of every request but those of subscriptions, or how to get them. */
  readonly headers?: Headers | (() => Headers | Promise<Headers>) | undefined;
  /** Whether batches are answered line by line; false by default. */
  readonly stream?: boolean | undefined;
  /** Characters of a URL; 2083 by default. A longer query has a request of its own. */
  readonly maxUrlLength?: number | undefined;
  /** The class to use for subscriptions instead of the global one. */
  readonly EventSource?: typeof globalThis.EventSource | undefined;
  /** What the server learns of a subscriber, since an `EventSource` sends no headers. */
  readonly connectionParams?:
    | Record<string, string>
    | (() => Record<string, string> | Promise<Record<string, string>>)
    | undefined;
  /** The server has broken with the contract; called once. */
  readonly onOutdated?: (() => void) | undefined;
}

/** Links for the official client that send each procedure as the contract says. */
export function links<TRouter extends AnyTRPCRouter>(options: LinksOptions): TRPCLink<TRouter>[];
export function links(options: LinksOptions): TRPCLink<AnyTRPCRouter>[] {
  const { url, contract = {}, maxItems = MAX_ITEMS, maxUrlLength = MAX_URL_LENGTH } = options;
  const { alone = [], post = [] } = contract;
  const requests = {
    url,
    fetch: fetchFor(options),
    headers: async () => ({
      ...(typeof options.headers === 'function' ? await options.headers() : options.headers),
    }),
  };
  const batches = { ...requests, maxItems, maxURLLength: maxUrlLength };
  const batchLink = options.stream ? httpBatchStreamLink : httpBatchLink;

  const isAlone = ({ input, path, type }: Operation): boolean =>
    isNonJsonSerializable(input) ||
    alone.includes(path) ||
    // A batch link refuses what is too long even for a batch of one.
    (type === 'query' && !post.includes(path) && lengthOf(url, path, input) > maxUrlLength);
  const isPost = ({ path }: Operation): boolean => post.includes(path);

  return [
    splitLink({
      condition: ({ type }) => type === 'subscription',
      true: httpSubscriptionLink({
        url,
        ...(options.EventSource && { EventSource: options.EventSource }),
        ...(options.connectionParams && { connectionParams: options.connectionParams }),
      }),
      false: splitLink({
        condition: isAlone,
        true: splitLink({
          condition: isPost,
          true: httpLink({ ...requests, methodOverride: 'POST' }),
          false: httpLink(requests),
        }),
        false: splitLink({
          condition: isPost,
          true: batchLink({ ...batches, methodOverride: 'POST' }),
          false: batchLink(batches),
        }),
      }),
    }),
  ];
}

function lengthOf(url: string, path: string, input: unknown): number {
  const batch = `{"0":${JSON.stringify(input)}}`;
  return `${url}/${path}?batch=1&input=${encodeURIComponent(batch)}`.length;
}

interface LinkInit extends Omit<RequestInit, 'signal'> {
  readonly signal?: AbortSignal | null | undefined;
}

/** The client's `fetch`, as links call it. */
function fetchFor({ contract = {}, fetch, onOutdated = () => {} }: LinksOptions) {
  const fetchText = fetchWithContract(contract, onOutdated, fetch);
  return (resource: RequestInfo | URL, init: LinkInit = {}): Promise<Response> =>
    // What links ask for is always text.
    fetchText(`${resource}`, {
      ...init,
      headers: Object.fromEntries(new Headers(init.headers)),
      signal: init.signal ?? null,
    });
}
