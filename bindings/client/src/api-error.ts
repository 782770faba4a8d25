/** The 21 codes of tRPC, and those of failures that the client sees first. */
export type ErrorCode =
  | 'PARSE_ERROR'
  | 'BAD_REQUEST'
  | 'INTERNAL_SERVER_ERROR'
  | 'NOT_IMPLEMENTED'
  | 'BAD_GATEWAY'
  | 'SERVICE_UNAVAILABLE'
  | 'GATEWAY_TIMEOUT'
  | 'UNAUTHORIZED'
  | 'PAYMENT_REQUIRED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_SUPPORTED'
  | 'TIMEOUT'
  | 'CONFLICT'
  | 'PRECONDITION_FAILED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'UNPROCESSABLE_CONTENT'
  | 'PRECONDITION_REQUIRED'
  | 'TOO_MANY_REQUESTS'
  | 'CLIENT_CLOSED_REQUEST'
  /** There is no answer: the server was not reached, or the connection broke. */
  | 'TRANSPORT'
  /** The caller has given up. */
  | 'ABORTED'
  /** There is an answer, and it is not one of the protocol or of the contract. */
  | 'MALFORMED';

/** One thing that is wrong with an input. */
export interface ValidationIssue {
  /** Where it is; empty for the input as a whole. */
  readonly path: readonly (string | number)[];
  /** `syntax`, `missing`, `invalid_type` or `constraint`. */
  readonly code: string;
  readonly message: string;
}

/** `data` of an error object on the wire, to which a host may add fields. */
export interface ErrorData {
  readonly code?: ErrorCode;
  readonly httpStatus?: number;
  readonly path?: string;
  readonly error?: unknown;
  readonly validation?: readonly ValidationIssue[];
  readonly logId?: string;
  readonly [field: string]: unknown;
}

/** What is known of a failure beside its message. */
export interface ErrorDetails<E = unknown> {
  readonly code: ErrorCode;
  readonly path?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly error?: E | undefined;
  readonly validation?: readonly ValidationIssue[] | undefined;
  readonly logId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly data?: ErrorData | undefined;
  readonly cause?: unknown;
}

/** Why a call or a subscription failed. */
export class ApiError<E = unknown> extends Error {
  override readonly name = 'ApiError';
  declare readonly code: ErrorCode;
  /** Of the call, where a batch has several; absent if there was no answer. */
  declare readonly httpStatus?: number | undefined;
  /** The procedure that was called. */
  declare readonly path?: string | undefined;
  /** The procedure's own error. */
  declare readonly error: E | undefined;
  /** What is wrong with the input, if that is why. */
  declare readonly validation?: readonly ValidationIssue[] | undefined;
  /** The id of an unexpected failure in the server's log. */
  declare readonly logId?: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  declare readonly retryAfterMs?: number | undefined;
  /** All that the server says of the error. */
  declare readonly data?: ErrorData | undefined;

  constructor(message: string, details: ErrorDetails<E>) {
    super(message);
    Object.assign(this, details);
  }
}

/** Whether `error` is what calls and subscriptions fail with. */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}

/** What happened to `path`, as an error: itself if it is one. */
export function errorOf(path: string, cause: unknown, code: ErrorCode = 'TRANSPORT'): ApiError {
  return cause instanceof ApiError
    ? cause
    : new ApiError(`${path}: ${cause}`, { code, path, cause });
}
