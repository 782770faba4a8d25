import type { Document, DocumentId } from '@tintype/bindings/api';
import { expect, it } from 'vitest';
import { describeDocumentChange } from './describe-document-change';

const pending: Document = {
  id: '01900000-0000-7000-8000-000000000000' as DocumentId,
  title: 'Handbook',
  format: 'pdf',
  sizeBytes: 10,
  state: 'pending',
  reason: null,
  characters: 0,
  chunks: 0,
  hasVectors: false,
  addedBy: 'Ada',
  createdAt: new Date(0),
  updatedAt: new Date(0),
};
const indexed: Document = { ...pending, state: 'indexed' };
const failed: Document = { ...pending, state: 'failed', reason: 'it is encrypted' };

it('says what became of a document', () => {
  const after = (before: Document | undefined, document: Document) =>
    describeDocumentChange(before, { kind: 'changed', document });
  expect(after(undefined, pending)).toBe('“Handbook” was added.');
  expect(after(pending, indexed)).toBe('“Handbook” can be found now.');
  expect(after(pending, failed)).toBe('“Handbook” cannot be read.');
  expect(describeDocumentChange(indexed, { kind: 'deleted', id: indexed.id })).toBe(
    '“Handbook” was deleted.',
  );
});

it('says nothing about what is known, or was never shown', () => {
  const after = (before: Document | undefined, document: Document) =>
    describeDocumentChange(before, { kind: 'changed', document });
  expect(after(indexed, indexed)).toBeUndefined();
  expect(after(failed, pending)).toBeUndefined();
  expect(after(undefined, indexed)).toBeUndefined();
  expect(describeDocumentChange(undefined, { kind: 'deleted', id: pending.id })).toBeUndefined();
  expect(describeDocumentChange(indexed, { kind: 'gap' })).toBeUndefined();
});
