import type { Envelope } from './json.js';
import type { Operation } from './transport.js';

/** The answer to a batch, or the one answer to all of its calls. */
export type Answers = Envelope & { readonly [index: number]: Envelope | null };

/** Ends calls with their answers, which nobody has checked. */
export function answer(
  calls: readonly Operation[],
  answers: Answers | null | undefined,
  response?: Response,
): void {
  calls.forEach((call, index) => {
    const envelope = answers?.[index] ?? answers;
    const result = envelope?.result;
    try {
      if (Object(result) !== result) {
        throw call.error(envelope?.error, response);
      }
      call.onData(result?.data);
      call.end();
    } catch (cause) {
      call.fail(cause);
    }
  });
}
