import type { Operation } from './transport.js';

/** Sets the payload of an operation, once: what becomes of the input later is not sent. */
export function writeInput(operation: Operation): void {
  // Forms, files, bytes, maps and the like have a tag, and JSON would be `{}`.
  const tag: unknown = Object(operation.input)[Symbol.toStringTag];
  if (tag && !operation.payload) {
    throw `${tag} needs rich or uploads`;
  }
  operation.payload ??= JSON.stringify(operation.input);
}
