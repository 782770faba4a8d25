import type { InfiniteData } from '@tanstack/react-query';
import type { Document, DocumentId, DocumentPage } from '@tintype/bindings/api';
import { describe, expect, it } from 'vitest';
import { applyDocumentEvent, findDocument } from './document-pages';

const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 12, n));

/** Document `n` was added in minute `n` and waits since then. */
function document(n: number, changes: Partial<Document> = {}): Document {
  return {
    id: `0190000${n}-0000-7000-8000-000000000000` as DocumentId,
    title: `document ${n}`,
    format: 'text',
    sizeBytes: 10,
    state: 'pending',
    reason: null,
    characters: 0,
    chunks: 0,
    hasVectors: false,
    addedBy: null,
    createdAt: minute(n),
    updatedAt: minute(n),
    ...changes,
  };
}

function pages(...parts: number[][]): InfiniteData<DocumentPage, string | null> {
  return {
    pages: parts.map((part, index) => ({
      items: part.map((n) => document(n)),
      nextCursor: index === parts.length - 1 ? null : `after-${part.at(-1)}`,
    })),
    pageParams: parts.map((_, index) => (index === 0 ? null : `page-${index}`)),
  };
}

const titles = (data: InfiniteData<DocumentPage, unknown>) =>
  data.pages.map((page) => page.items.map((item) => item.title));

describe('a document that is not there yet', () => {
  it('comes first, and the other pages stay as they are', () => {
    const before = pages([3, 2], [1]);
    const after = applyDocumentEvent(before, { kind: 'changed', document: document(4) });

    expect(titles(after)).toEqual([['document 4', 'document 3', 'document 2'], ['document 1']]);
    expect(after.pages[1]).toBe(before.pages[1]);
  });

  it('is there once when the answer and the event both bring it', () => {
    const once = applyDocumentEvent(pages([1]), { kind: 'changed', document: document(2) });
    expect(applyDocumentEvent(once, { kind: 'changed', document: document(2) })).toBe(once);
  });

  it('is left out when its place is on a page that is not loaded', () => {
    const [first] = pages([4, 3], [2]).pages;
    const before = { pages: first ? [first] : [], pageParams: [null] };
    expect(applyDocumentEvent(before, { kind: 'changed', document: document(1) })).toBe(before);
  });
});

describe('a changed document', () => {
  it('takes the place of what it was, on whichever page', () => {
    const indexed = document(1, { state: 'indexed', chunks: 3, updatedAt: minute(5) });
    const after = applyDocumentEvent(pages([3, 2], [1]), { kind: 'changed', document: indexed });

    expect(findDocument(after, indexed.id)).toBe(indexed);
    expect(titles(after)).toEqual([['document 3', 'document 2'], ['document 1']]);
  });

  it('does not go back to an older state that is heard of late', () => {
    const indexed = document(1, { state: 'indexed', updatedAt: minute(5) });
    const current = applyDocumentEvent(pages([1]), { kind: 'changed', document: indexed });
    const late = document(1, { updatedAt: minute(4) });
    expect(applyDocumentEvent(current, { kind: 'changed', document: late })).toBe(current);
  });

  it('goes on within a millisecond, and not back', () => {
    const failed = document(1, { state: 'failed', reason: 'it is damaged' });
    const current = applyDocumentEvent(pages([1]), { kind: 'changed', document: failed });
    expect(findDocument(current, failed.id)?.state).toBe('failed');
    expect(applyDocumentEvent(current, { kind: 'changed', document: document(1) })).toBe(current);
  });

  it('says what it waits for', () => {
    const waiting = document(1, { reason: 'the budget' });
    const after = applyDocumentEvent(pages([1]), { kind: 'changed', document: waiting });
    expect(findDocument(after, waiting.id)?.reason).toBe('the budget');
  });
});

describe('a deleted document', () => {
  it('leaves its page', () => {
    const after = applyDocumentEvent(pages([3, 2], [1]), { kind: 'deleted', id: document(2).id });
    expect(titles(after)).toEqual([['document 3'], ['document 1']]);
  });

  it('changes nothing when it is gone already', () => {
    const before = pages([1]);
    expect(applyDocumentEvent(before, { kind: 'deleted', id: document(2).id })).toBe(before);
  });
});

it('a gap changes nothing by itself', () => {
  const before = pages([1]);
  expect(applyDocumentEvent(before, { kind: 'gap' })).toBe(before);
});
