import type { InfiniteData } from '@tanstack/react-query';
import type { Document, DocumentEvent, DocumentId, DocumentPage } from '@tintype/bindings/api';

/** The same pages after a change; the very same object if the change was known already. */
export function applyDocumentEvent<TParam>(
  pages: InfiniteData<DocumentPage, TParam>,
  event: DocumentEvent,
): InfiniteData<DocumentPage, TParam> {
  switch (event.kind) {
    case 'changed': {
      const current = findDocument(pages, event.document.id);
      if (current === undefined) return insertNewest(pages, event.document);
      return isSameOrNewer(current, event.document) ? pages : replace(pages, event.document);
    }
    case 'deleted':
      return remove(pages, event.id);
    case 'gap':
      return pages;
  }
}

/** The document with this id, if one of the loaded pages has it. */
export function findDocument(
  pages: InfiniteData<DocumentPage, unknown>,
  id: DocumentId,
): Document | undefined {
  for (const page of pages.pages) {
    const found = page.items.find((document) => document.id === id);
    if (found) return found;
  }
  return undefined;
}

function replace<TParam>(pages: InfiniteData<DocumentPage, TParam>, document: Document) {
  return mapItems(pages, (items) =>
    items.map((item) => (item.id === document.id ? document : item)),
  );
}

function insertNewest<TParam>(pages: InfiniteData<DocumentPage, TParam>, document: Document) {
  const [first, ...rest] = pages.pages;
  if (first === undefined) return pages;
  const older = first.items.findIndex((item) => isOlder(item, document));
  // Older than everything on the first page: its place is known only if no page follows.
  if (older === -1 && first.nextCursor !== null) return pages;
  const items = first.items.toSpliced(older === -1 ? first.items.length : older, 0, document);
  return { ...pages, pages: [{ ...first, items }, ...rest] };
}

function remove<TParam>(pages: InfiniteData<DocumentPage, TParam>, id: DocumentId) {
  if (findDocument(pages, id) === undefined) return pages;
  return mapItems(pages, (items) => items.filter((document) => document.id !== id));
}

function mapItems<TParam>(
  pages: InfiniteData<DocumentPage, TParam>,
  change: (items: Document[]) => Document[],
): InfiniteData<DocumentPage, TParam> {
  return {
    ...pages,
    pages: pages.pages.map((page) => ({ ...page, items: change(page.items) })),
  };
}

function isOlder(item: Document, than: Document): boolean {
  const [itemMs, thanMs] = [item.createdAt.getTime(), than.createdAt.getTime()];
  // Ids of version 7 ascend with time, also within a millisecond.
  return itemMs === thanMs ? item.id < than.id : itemMs < thanMs;
}

/** An answer and an event about the same change may come in either order. */
function isSameOrNewer(current: Document, incoming: Document): boolean {
  const newerMs = current.updatedAt.getTime() - incoming.updatedAt.getTime();
  if (newerMs !== 0) return newerMs > 0;
  // Within a millisecond a document is read, and not taken up again.
  if (current.state !== 'pending' && incoming.state === 'pending') return true;
  return JSON.stringify(current) === JSON.stringify(incoming);
}
