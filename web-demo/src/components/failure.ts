import { isApiError } from '@tintype/client';

/** What a failed call means for the person in front of it, beyond the procedure's own errors. */
export type Failure =
  | { kind: 'unreachable' }
  | { kind: 'unreadable' }
  | { kind: 'session-missing' }
  | { kind: 'server-failed'; logId: string | undefined }
  | { kind: 'refused'; message: string };

/** Answers of a proxy, which does not reach the server either. */
const GATEWAY_STATUSES: readonly unknown[] = [502, 503, 504];

/** Sorts an error of any origin by what can be done about it. */
export function readFailure(error: unknown): Failure {
  if (!isApiError(error)) return { kind: 'unreachable' };
  switch (error.code) {
    case 'TRANSPORT':
    case 'ABORTED':
      return { kind: 'unreachable' };
    case 'MALFORMED':
      return { kind: GATEWAY_STATUSES.includes(error.httpStatus) ? 'unreachable' : 'unreadable' };
    case 'INTERNAL_SERVER_ERROR':
      return { kind: 'server-failed', logId: error.logId };
    case 'UNAUTHORIZED':
      // A procedure's own error, such as a wrong password, can have the same code as a missing session.
      if (!error.error) return { kind: 'session-missing' };
  }
  return { kind: 'refused', message: error.message };
}

/** The failure in one or two sentences, with what to do next. */
export function describeFailure(failure: Failure): string {
  switch (failure.kind) {
    case 'unreachable':
      return 'The server could not be reached. Check the connection, then try again.';
    case 'unreadable':
      return 'The answer was not one that this page understands. Reload the page, then try again.';
    case 'session-missing':
      return 'You are signed out. Sign in, then try again.';
    case 'server-failed':
      return failure.logId === undefined
        ? 'The server failed. Try again in a moment.'
        : `The server failed. If it happens again, give its operator this id: ${failure.logId}`;
    case 'refused':
      return sentence(failure.message);
  }
}

/** Makes a message of the server read as a sentence. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
