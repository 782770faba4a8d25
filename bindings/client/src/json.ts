import type { ErrorData } from './api-error.js';

/** An answer to a call, as far as it is one. */
export interface Envelope {
  readonly result?: { readonly data?: unknown } | null;
  readonly error?: WireError | null;
}

/** The error object of an answer, as far as it is one. */
export interface WireError {
  readonly message?: string;
  readonly data?: ErrorData | null;
}

/** Parses JSON, of which nobody has checked that it is a `T`; what is none is nothing. */
export function parse<T>(text: string): T | null | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
