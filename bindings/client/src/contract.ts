import type { ApiError } from './api-error.js';
import type { Transport } from './transport.js';

declare const errorTag: unique symbol;
declare const richTag: unique symbol;

/** What a contract says about its procedures beyond their types; generated. */
export interface Contract {
  /** Identifies the contract; a server that has moved on answers with `tintype-contract: outdated`. */
  readonly hash?: string;
  /** Procedures that share their request with no other call. */
  readonly alone?: readonly string[];
  /** Queries that go by POST, so that their input is in no log of URLs. */
  readonly post?: readonly string[];
  /** Mutations that may be sent again like queries. */
  readonly retry?: readonly string[];
  /** Queries whose answers are stale after a mutation. */
  readonly invalidates?: Readonly<Record<string, readonly string[]>>;
}

/** Marks an API whose values are more than JSON: its client needs the option `rich`. */
export interface Rich {
  readonly [richTag]?: true;
}

/** Whether `Api` is marked as {@link Rich}. */
export type IsRich<Api> = [typeof richTag] extends [keyof Api] ? true : false;

/** Reads and writes what JSON has no word for; made by `richTypes` of `@tintype/client/rich`. */
export interface RichTypes {
  /** The JSON text of an input. */
  encode(input: unknown): string | undefined;
  /** The output of `path`, the data of one of its events, or its typed error. */
  decode(path: string, value: unknown, isError?: boolean): unknown;
  /** A transport that writes and reads so. */
  over(transport: Transport): Transport;
}

/** A promise that knows with what error it rejects; see `safe`. */
export interface Call<O, E = never> extends Promise<O> {
  readonly [errorTag]?: E;
}

/** A procedure that reads. */
export interface Query<I, O, E = never> {
  query(input: I, options?: CallOptions): Call<O, E>;
}

/** A procedure that writes. */
export interface Mutation<I, O, E = never> {
  mutate(input: I, options?: CallOptions): Call<O, E>;
}

/** A procedure that streams events. */
export interface Subscription<I, O, E = never> {
  subscribe(input: I, options?: SubscribeOptions<O, E>): Unsubscribe;
}

/** An event with the id from which its subscription resumes. */
export interface Tracked<T> {
  readonly id: string;
  readonly data: T;
}

/** Names and values. */
export type Headers = Readonly<Record<string, string>>;

/** Options of one call. */
export interface CallOptions {
  /** Rejects the call with `ABORTED`; its request ends once no other call needs it. */
  readonly signal?: AbortSignal | undefined;
  /** Headers beside those of the client; the call has a request of its own. */
  readonly headers?: Headers | undefined;
  /** How far an upload is; needs the `fetch` of `@tintype/client/upload`. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** How much of an upload has left the browser. */
export interface UploadProgress {
  readonly loadedBytes: number;
  /** All of them, if the browser knows. */
  readonly totalBytes: number | undefined;
}

/** How the connection of a subscription is. */
export type ConnectionState = 'connecting' | 'open' | 'reconnecting' | 'closed';

/** Options of one subscription. */
export interface SubscribeOptions<O, E = never> {
  /** Receives the events; see `eventsOf` for a loop over them. */
  readonly onData?: ((event: O) => void) | undefined;
  /** The subscription has failed for good. */
  readonly onError?: ((error: ApiError<E>) => void) | undefined;
  /** The server has ended the subscription; not called by `unsubscribe`. */
  readonly onComplete?: (() => void) | undefined;
  /** Every change of the connection, with the error that caused it, if any. */
  readonly onState?: ((state: ConnectionState, error?: ApiError<E>) => void) | undefined;
  /** Unsubscribes. */
  readonly signal?: AbortSignal | undefined;
  /** Headers beside those of the client. */
  readonly headers?: Headers | undefined;
  /** The id after which to begin. */
  readonly lastEventId?: string | undefined;
}

/** Ends a subscription. */
export interface Unsubscribe {
  (): void;
  /** The procedure that is subscribed to. */
  readonly path: string;
}

/** What a procedure takes. */
export type InputOf<P> =
  P extends Query<infer I, unknown, unknown>
    ? I
    : P extends Mutation<infer I, unknown, unknown>
      ? I
      : P extends Subscription<infer I, infer _O, infer _E>
        ? I
        : never;

/** What a procedure returns, or one event of a subscription. */
export type OutputOf<P> =
  P extends Query<never, infer O, unknown>
    ? O
    : P extends Mutation<never, infer O, unknown>
      ? O
      : P extends Subscription<never, infer O, infer _E>
        ? O
        : never;

/** The error with which a procedure fails. */
export type ErrorOf<P> =
  P extends Query<never, unknown, infer E>
    ? E
    : P extends Mutation<never, unknown, infer E>
      ? E
      : P extends Subscription<never, infer _O, infer E>
        ? E
        : never;
