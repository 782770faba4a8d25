import type { QueryClient } from '@tanstack/react-query';
import type { DocumentEvent, DocumentId } from '@tintype/bindings/api';

/** Ids are used once, so what was deleted is never there again. */
const deleted = new WeakMap<QueryClient, Set<DocumentId>>();

/** Whether an event is news, and not about a document that was deleted before it was heard of. */
export function isNews(queryClient: QueryClient, event: DocumentEvent): boolean {
  const ids = deleted.get(queryClient) ?? new Set();
  deleted.set(queryClient, ids);
  switch (event.kind) {
    case 'deleted':
      ids.add(event.id);
      return true;
    case 'changed':
      return !ids.has(event.document.id);
    case 'gap':
      return true;
  }
}
