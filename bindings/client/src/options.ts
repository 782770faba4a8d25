import type { ApiError } from './api-error.js';
import type { Contract, Headers, IsRich, RichTypes } from './contract.js';
import type { Transport } from './transport.js';

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Options of a client; everything but `url` has a default. */
export interface ClientOptions {
  /** Where the procedures are, for example `/trpc`. */
  readonly url: string;
  /** What the generator knows of the procedures. */
  readonly contract?: Contract | undefined;
  /** Headers of every request, or how to get them. */
  readonly headers?: Headers | (() => Headers | Promise<Headers>) | undefined;
  /** The `fetch` to use instead of the global one. */
  readonly fetch?: Fetch | undefined;
  /** Whether cookies go along; `same-origin` by default. */
  readonly credentials?: RequestCredentials | undefined;
  /** Calls per request; 20 by default, which is what servers accept by default. */
  readonly maxItems?: number | undefined;
  /** Characters of a URL; 2083 by default. */
  readonly maxUrlLength?: number | undefined;
  /** Whether a query whose URL is too long goes by POST as servers with `allow_method_override` take it; false by default. */
  readonly postLongQueries?: boolean | undefined;
  /** How often a query or an idempotent mutation is sent again; 2 by default. */
  readonly retries?: number | undefined;
  /** The longest wait before a first retry or reconnect, in milliseconds, doubled for each more; 500 by default. */
  readonly retryDelayMs?: number | undefined;
  /** The longest wait before any retry or reconnect, in milliseconds; 30 000 by default. */
  readonly maxRetryDelayMs?: number | undefined;
  /** The server does not know the caller any more; called once for the failures that come together. */
  readonly onAuthLost?: ((error: ApiError) => void) | undefined;
  /** The server has another contract; called once. */
  readonly onOutdated?: (() => void) | undefined;
}

/** What a client of rich types is given, and any client may be. */
export interface RichOption {
  readonly rich?: RichTypes | undefined;
}

/** How the calls of a client travel. */
export interface TransportOption {
  readonly transport: Transport;
}

/** The options of a client of `Api`: if it has rich types, they are not optional. */
export type OptionsOf<Api> = ClientOptions &
  (IsRich<Api> extends true ? { readonly rich: RichTypes } : RichOption);
