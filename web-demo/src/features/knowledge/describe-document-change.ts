import type { Document, DocumentEvent } from '@tintype/bindings/api';

/** What an event changed, as a sentence for people; nothing if it only confirms what is known. */
export function describeDocumentChange(
  before: Document | undefined,
  event: DocumentEvent,
): string | undefined {
  switch (event.kind) {
    case 'changed':
      return describe(before, event.document);
    case 'deleted':
      return before && `“${before.title}” was deleted.`;
    case 'gap':
      return undefined;
  }
}

function describe(before: Document | undefined, after: Document): string | undefined {
  if (before === undefined) {
    return after.state === 'pending' ? `“${after.title}” was added.` : undefined;
  }
  if (before.state === after.state) return undefined;
  switch (after.state) {
    case 'pending':
      return undefined;
    case 'indexed':
      return `“${after.title}” can be found now.`;
    case 'failed':
      return `“${after.title}” cannot be read.`;
  }
}
