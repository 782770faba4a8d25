import type { ApiError, ErrorCode } from './api-error.js';
import type { CallOptions, SubscribeOptions } from './contract.js';
import type { WireError } from './json.js';
import type { ClientOptions } from './options.js';

/** Carries operations; made once per client. */
export type Transport = (options: ClientOptions) => Send;

/** Sends an operation, the first time or again; throws if its input cannot be sent. */
export type Send = (operation: Operation) => void;

/** What a caller may say of an operation. */
export interface OperationOptions
  extends CallOptions,
    Omit<SubscribeOptions<unknown, unknown>, 'onError'> {
  readonly onError?: ((error?: ApiError) => void) | undefined;
}

/** A call or a subscription on its way. What happens after its end is not heard. */
export interface Operation extends OperationOptions {
  readonly kind: 'query' | 'mutate' | 'subscribe';
  readonly path: string;
  readonly input: unknown;
  /** The input as JSON, or nothing for none; set by `writeInput`. */
  payload?: string | undefined;
  /** Aborted when the operation is over, whoever ended it. */
  readonly signal: AbortSignal;
  /** Set by the transport for each attempt: lets go of it when the operation is over, for the failure if there is one. */
  release?: (failure?: ApiError) => void;
  /** The id after which a subscription goes on. */
  lastEventId?: string | undefined;
  /** How often it was sent again since it was last well. */
  attempt: number;
  /** The longest wait before the first retry, in milliseconds. */
  retryDelayMs: number;
  /** Takes the output of a call, or an event with its id if it has one; throws what does not fit the contract. */
  onData(value: unknown, id?: string): void;
  /** There is no more to come. */
  end(): void;
  /** Takes why it failed; it is sent again where that may help, but not with a `code`. */
  fail(cause: unknown, code?: ErrorCode): void;
  /** What an error object of the protocol says. */
  error(failure: WireError | null | undefined, response?: Response): ApiError;
}
