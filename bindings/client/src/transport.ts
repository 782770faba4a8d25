import type { ApiError } from './api-error.js';
import type {
  CallOptions,
  ConnectionState,
  Contract,
  SubscribeOptions,
  UploadProgress,
} from './contract.js';
import type { ClientOptions } from './options.js';

/** Carries calls and subscriptions; made once per client. */
export type Transport = (host: Host) => Wire;

/** The two things that a transport does. */
export interface Wire {
  /** Sends the calls of one tick, and answers or rejects each. */
  send(calls: readonly PendingCall[]): void;
  /** Opens a subscription and keeps it open; the function that it returns closes it. */
  subscribe(subscription: PendingSubscription): () => void;
}

/** A call on its way. The first answer or rejection counts. */
export interface PendingCall {
  readonly kind: 'query' | 'mutate';
  readonly path: string;
  /** The input as JSON, a body that goes as it is and alone, or nothing. */
  readonly payload: Payload;
  readonly options: CallOptions;
  /** Takes the envelope of the answer, checked by nobody yet. */
  answer(envelope: unknown, response?: Response): void;
  /** Takes why there is no answer; the call is sent again where that may help. */
  reject(cause: unknown): void;
  /** Set by the transport: called when the caller gives up. */
  cancel?: () => void;
}

/** An input as it is sent; nothing for none. */
export type Payload = string | Body | undefined;

/** Forms, files and plain bytes. */
export type Body = FormData | Blob | ArrayBuffer | ArrayBufferView<ArrayBuffer> | ReadableStream;

/** A subscription on its way. */
export interface PendingSubscription {
  readonly path: string;
  readonly payload: Payload;
  readonly options: SubscribeOptions<unknown, unknown>;
  state(state: ConnectionState, cause?: unknown): void;
  /** Takes the value of one event, with its id if it has one. */
  event(value: unknown, id?: string): void;
  /** The subscription is over, for the reason if one is given. */
  end(cause?: unknown): void;
}

/** What `fetch` is called with; `onProgress` is for those that know it. */
export interface HttpRequest extends RequestInit {
  readonly headers?: Record<string, string>;
  readonly duplex?: 'half';
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** What a client offers to its transport. */
export interface Host {
  /** Without a slash at its end. */
  readonly url: string;
  readonly contract: Contract;
  readonly options: ClientOptions;
  /** `fetch` with the client's headers; notices what answers say about the client. */
  fetch(url: string, request: HttpRequest): Promise<Response>;
  /** The error in an envelope. */
  error(path: string, envelope: unknown, response?: Response): ApiError;
  /** An output, the data of an event, or a typed error. */
  decode(path: string, value: unknown, isError?: boolean): unknown;
  /** What is sent of an input: its JSON, or itself if it is a body. */
  payload(path: string, input: unknown): Payload;
  /** How long to wait before the next attempt, in milliseconds: a random share of what doubles, or what was asked. */
  delay(attempt: number, failure: ApiError | undefined, firstMs?: number): number;
}
