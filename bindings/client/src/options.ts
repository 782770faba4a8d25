import type { CallOptions, Contract, Headers, IsRich, RichTypes } from './contract.js';

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

/** What `fetch` is called with. */
export interface FetchInit extends RequestInit {
  readonly headers: Headers;
  /** What browsers ask for with a stream as body. */
  readonly duplex?: 'half';
  /** For those that know it, such as `fetchWithProgress`. */
  readonly onProgress?: CallOptions['onProgress'];
}

/** Options of a client; everything but `url` has a default. The rest of `fetch`'s are passed on. */
export interface ClientOptions
  extends Pick<RequestInit, 'cache' | 'credentials' | 'mode' | 'redirect' | 'referrerPolicy'> {
  /** Where the procedures are, for example `/trpc`. */
  readonly url: string;
  /** What the generator knows of the procedures. */
  readonly contract?: Contract | undefined;
  /** What the generator knows of values that are more than JSON. */
  readonly rich?: RichTypes | undefined;
  /** Headers of every request, or how to get them. */
  readonly headers?: Headers | (() => Headers | Promise<Headers>) | undefined;
  /** The `fetch` to use instead of the global one. */
  readonly fetch?: Fetch | undefined;
  /** Calls per request; 20 by default, which is what servers accept by default. */
  readonly maxItems?: number | undefined;
  /** Characters of the URL of a batch; 2083 by default. */
  readonly maxUrlLength?: number | undefined;
  /** Characters of one event of an event stream, of which more break the connection; 16 777 216 by default. */
  readonly maxEventLength?: number | undefined;
  /** How often a query or an idempotent mutation is sent again; 2 by default. */
  readonly retries?: number | undefined;
  /** The longest wait before a first retry or reconnect, in milliseconds, doubled for each more; 500 by default. */
  readonly retryDelayMs?: number | undefined;
  /** The longest wait before any retry or reconnect, in milliseconds; 30 000 by default. */
  readonly maxRetryDelayMs?: number | undefined;
}

/** The options of a client of `Api`: if it has rich types, they are not optional. */
export type OptionsOf<Api> = ClientOptions &
  (IsRich<Api> extends true ? { readonly rich: RichTypes } : unknown);
