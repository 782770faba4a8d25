import { TRPCClientError } from '@trpc/client';
import { z } from './zod';

/** What a failed call means for the person in front of it, beyond the procedure's own errors. */
export type Failure =
  | { kind: 'unreachable' }
  | { kind: 'session-missing' }
  | { kind: 'server-failed'; logId: string | undefined }
  | { kind: 'refused'; message: string };

const wireData = z.object({
  code: z.string(),
  logId: z.string().optional(),
  error: z.object({ kind: z.string() }).nullish(),
});

/** Sorts an error of any origin by what can be done about it. */
export function readFailure(error: unknown): Failure {
  const data = wireData.safeParse(error instanceof TRPCClientError ? error.data : undefined);
  // Without the server's own data the answer came from a proxy, or not at all.
  if (!data.success) return { kind: 'unreachable' };
  // A procedure's own error, such as a wrong password, can have the same code as a missing session.
  if (data.data.code === 'UNAUTHORIZED' && !data.data.error) return { kind: 'session-missing' };
  if (data.data.code === 'INTERNAL_SERVER_ERROR') {
    return { kind: 'server-failed', logId: data.data.logId };
  }
  return { kind: 'refused', message: error instanceof Error ? error.message : 'no reason given' };
}

/** The failure in one or two sentences, with what to do next. */
export function describeFailure(failure: Failure): string {
  switch (failure.kind) {
    case 'unreachable':
      return 'The server could not be reached. Check the connection, then try again.';
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
